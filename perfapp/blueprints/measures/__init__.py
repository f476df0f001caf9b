"""整改台账: the measures of the unit and what was done about each."""
