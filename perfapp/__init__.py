"""The self-evaluation report application. Kept empty: importing a part must not build the whole."""
