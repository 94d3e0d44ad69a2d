"""From databases and handed-over files to immutable, typed snapshots."""
