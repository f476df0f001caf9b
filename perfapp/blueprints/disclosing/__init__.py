"""公开: the way of an edition to the public, on the unit's side."""
