"""Snapshot to bytes: DOCX, PDF, HTML. Pure and deterministic."""
