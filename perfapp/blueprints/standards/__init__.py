"""The standards area."""
