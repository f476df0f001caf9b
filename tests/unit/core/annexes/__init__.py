"""The tables that go with the report."""
