"""The paper lane: the edition for printing, and the reading of its scans."""
