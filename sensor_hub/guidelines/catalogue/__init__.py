"""Which rules there are, and what became of each row of the source texts."""
