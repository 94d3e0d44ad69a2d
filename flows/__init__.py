"""When and in what order: a flow reads like the table of contents of a run."""
