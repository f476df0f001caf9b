"""Ledgers (台账): what offices write down through the year, a row at a time."""
