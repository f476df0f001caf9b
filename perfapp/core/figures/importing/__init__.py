"""Reading tables into facts and ledgers: what stands where, what it means, and what is wrong with it."""
