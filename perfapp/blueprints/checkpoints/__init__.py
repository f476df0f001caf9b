"""绩效监控: looking back in mid-year."""
