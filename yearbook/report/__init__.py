"""The report model and its writers: one model, the same content in every format."""
