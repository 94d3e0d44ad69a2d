"""With the world: connections, files, clock, environment; small tasks around calls into ``yearbook``."""
