"""The passing area: 加签, 转办, 代理, and approving several at once."""
