"""The area of remarks on a text."""
