"""The area where two versions are held against each other."""
