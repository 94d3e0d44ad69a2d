"""Ways to read a database: the same question, the same values, by columns where a fast library is there."""
