"""A page with the editor and a stub of the server behind it: only what the save contract says."""
