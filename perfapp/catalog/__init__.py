"""Report forms as data, one folder a form."""
