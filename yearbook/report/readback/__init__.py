"""The finished documents read back from their bytes, and every number in them claimed by exactly one thing."""
