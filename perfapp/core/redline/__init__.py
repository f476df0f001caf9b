"""What changed from one text to another, as a person with a red pen would mark it."""
