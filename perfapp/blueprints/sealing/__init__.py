"""The sealing area."""
