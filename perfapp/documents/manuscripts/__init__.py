"""Files people bring, read into manuscripts: what a report says, wherever it was written."""
