"""The checks over a live report: the pre-flight page (体检), explanations and their answers."""
