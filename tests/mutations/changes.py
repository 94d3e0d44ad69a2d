"""What a fault leaves in the hands of the gate."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from tasks.extract import Material
from tasks.library import Library
from tasks.sources.snapshot import Snapshot
from tests.mutations.fault import Fault
from tests.mutations.material import Clean


@dataclass(frozen=True)
class Change:
    """What a fault leaves in the hands of the gate.

    Attributes:
        fault: The fault.
        library: The catalogue.
        report: Changed snapshots of the report year.
        base: Changed snapshots of the base year.
        reread: Extracts whose rules and figures are asked again although their rows are the same.
        codes: Name of the code list that changed; only rules that use it can answer otherwise.
    """

    fault: Fault
    library: Library
    report: tuple[Snapshot, ...] = ()
    base: tuple[Snapshot, ...] = ()
    reread: frozenset[str] = frozenset()
    codes: str = ""

    @cached_property
    def extracts(self) -> frozenset[str]:
        """Codes of everything that has to be asked again."""
        return self.reread | {item.extract.code for item in (*self.report, *self.base)}

    def material(self, clean: Clean) -> Material:
        """All snapshots as the fault leaves them."""
        changed = {False: _by_code(self.report), True: _by_code(self.base)}
        before = clean.material
        return Material(
            report=tuple(changed[False].get(item.extract.code, item) for item in before.report),
            base=tuple(changed[True].get(item.extract.code, item) for item in before.base),
        )


def _by_code(items: Iterable[Snapshot]) -> dict[str, Snapshot]:
    return {item.extract.code: item for item in items}
