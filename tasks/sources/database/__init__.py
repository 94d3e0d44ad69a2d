"""A source that is a database: one view, its limits, and the readers that can share the view."""
