"""信息公开: what anybody may read, without an account."""
