"""Reading a source: every way beside the raw limit of the database's own protocol and beside pandas."""
