"""勾稽: is a report consistent with itself and with what is known? Pure functions of a manuscript."""
