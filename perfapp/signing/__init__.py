"""Digest, seal and verdict: bytes in, bytes and values out. The only room that knows pyHanko."""
