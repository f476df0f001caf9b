"""体检: try the checks on any existing report."""
