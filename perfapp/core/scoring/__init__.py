"""Scores: indicator sets, the rules that give points, what they say of a deduction, and what a reviewer would doubt."""
