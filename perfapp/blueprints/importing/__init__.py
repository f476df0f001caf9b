"""Reading tables into facts and ledgers: a file in, how it is read, what it would change, and the change."""
