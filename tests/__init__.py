"""Tests tell the story."""
