"""Judging an extract: counts and verdicts beside the bare scan and beside Great Expectations on the view."""
