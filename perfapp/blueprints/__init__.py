"""HTTP to services and back."""
