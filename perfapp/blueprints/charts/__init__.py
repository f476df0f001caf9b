"""图表: the numbers of a year and over the years, drawn, with their tables."""
