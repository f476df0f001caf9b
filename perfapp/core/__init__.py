"""The rules: plain Python over values."""
