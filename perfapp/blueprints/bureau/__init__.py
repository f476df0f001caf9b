"""财政部门: what has been delivered to it, and what it says of it."""
