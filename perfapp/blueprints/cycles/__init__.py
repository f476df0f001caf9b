"""The cycles area."""
