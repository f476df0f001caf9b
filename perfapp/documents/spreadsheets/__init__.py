"""Table files people bring (.xlsx, .csv), read cell by cell with nothing lost in between."""
