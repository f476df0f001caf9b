"""Remarks on a text: where they stand while it changes, who may see them, what becomes of a proposal."""
