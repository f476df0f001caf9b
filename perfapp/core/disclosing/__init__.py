"""公开: what of a report the public sees, the gates before it, and the personal data that must not slip through."""
