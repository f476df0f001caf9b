"""Facts, live figures, findings, ledgers and charts, through the services."""
