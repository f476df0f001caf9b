"""The paper lane."""
