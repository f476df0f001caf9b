"""沿用: what a text repeats of earlier ones."""
