"""Figures: units and exact amounts, facts and the forms they take in a sentence, formulas, and the reader of prose."""
