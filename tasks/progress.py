"""What a run is doing, for the person at the terminal and for the store: one line and one record per step."""

import logging
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tasks.store import StepRecord

# The command line shows this logger; a server keeps it with the flow run.
log = logging.getLogger("yearbook.progress")
KILOBYTES_PER_MEGABYTE = 1024
# From here on (CJK radicals and all that follows) a character takes two columns of a terminal.
FIRST_WIDE = 0x2E80


@dataclass
class Steps:
    """The steps of one run so far; ``told`` hears of each as it ends."""

    records: list[StepRecord] = field(default_factory=list)
    told: Callable[[StepRecord], None] | None = None

    @contextmanager
    def step(self, name: str) -> Iterator["Count"]:
        """Time one step; it is recorded and told when it ends well.

        Args:
            name: Words for people, e.g. ``提取 vehicles``.
        """
        count = Count()
        start = time.perf_counter()
        yield count
        seconds = round(time.perf_counter() - start, 3)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // KILOBYTES_PER_MEGABYTE
        done = StepRecord(name, seconds, count.rows, peak, count.findings)
        self.records.append(done)
        if self.told is not None:
            self.told(done)
        rows = "" if count.rows is None else f"{count.rows:>11,} 行"
        log.info("%-24s %14s %7.1f 秒", _padded(name), rows, seconds)


@dataclass
class Count:
    """Rows a step handled and findings that came of it; None where it handles none."""

    rows: int | None = None
    findings: int | None = None

    def add(self, rows: int) -> None:
        """Count rows."""
        self.rows = (self.rows or 0) + rows

    def find(self, findings: int) -> None:
        """Count findings."""
        self.findings = (self.findings or 0) + findings


def _padded(name: str) -> str:
    """Fill up to 24 columns of a terminal, in which a Chinese character takes two."""
    width = sum(2 if ord(character) >= FIRST_WIDE else 1 for character in name)
    return name + " " * max(0, 24 - width)
