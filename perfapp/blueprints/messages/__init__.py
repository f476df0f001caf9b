"""Messages that leave the system, and the calendar they go by."""
