"""整改台账: the measures a report promises, how they live, and where they are found in a text."""
