"""Measurements that a person starts; nothing here is asserted about time."""
