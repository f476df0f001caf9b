"""The drafting area."""
