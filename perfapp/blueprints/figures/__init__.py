"""The figures area."""
