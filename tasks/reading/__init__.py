"""Files that people hand over, parsed in a limited child process by two independent readers.

Nothing here trusts the file: its name says nothing, its declared sizes are held against what is really there, the
readers run in a process that has neither network nor environment nor more memory and time than it needs, and a cell
counts only where both readers see the same.
"""

from tasks.reading.limits import Limits
from tasks.reading.parent import read_book

__all__ = ["Limits", "read_book"]
