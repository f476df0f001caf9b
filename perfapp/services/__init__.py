"""One function is one thing a person (or the clock) wants."""
