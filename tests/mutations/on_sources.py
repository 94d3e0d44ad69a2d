"""Rules on sources, asked of many changes at a time, each under names of its own.

Every rule is counted; those that something breaks are judged by the program's own judge. A rule that nothing breaks
passes whatever else there is, so the judge need not be asked; the whole way, tried on a sample, says the same.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pyarrow.parquet as pq

from tasks.engines.embedded import attach
from tasks.quality.failing import looking, row_key
from tasks.quality.judge import validate
from tasks.quality.scan import scan
from tasks.quality.whole import as_before
from tasks.sources.snapshot import Snapshot
from tasks.verdicts import BASE_LABEL
from tests.mutations.changes import Change
from tests.mutations.material import Clean, room
from yearbook.catalog import Code, Extract, Rule
from yearbook.verdict import Verdict

# Between a name and the number of the change that it stands for.
MARK = "__"
# Changes that one call judges.
TOGETHER = 60


@dataclass(frozen=True)
class _Asked:
    """One snapshot to be judged, under a name of its own, and last year's beside it."""

    number: int
    base: bool
    item: Snapshot
    before: Snapshot | None
    codes: str

    @property
    def rows(self) -> int | None:
        """Rows of the year before."""
        return None if self.before is None else self.before.row_count


class SourceJudge:
    """The rules on sources of one body."""

    def __init__(self, clean: Clean) -> None:
        self.clean = clean
        self._key = row_key(clean.folder, "mutations")

    def judge(self, changes: Mapping[int, Change]) -> dict[int, tuple[Verdict, ...]]:
        """Verdicts of the rules on sources that something breaks, by number of the change; one call for all."""
        asked = [one for number, change in changes.items() for one in self._asked(number, change)]
        first = next(iter(changes.values()))
        library = first.library
        codes = {first.codes: library.codes[first.codes]} if first.codes else library.codes
        found: dict[int, list[Verdict]] = {number: [] for number in changes}
        for base, label in ((False, ""), (True, BASE_LABEL)):
            mine = {one.item.extract.code: one for one in asked if one.base is base}
            rules = [rule for one in self._broken(mine.values(), library.rules, codes) for rule in one]
            for verdict in rules and validate(
                [one.item for one in mine.values()],
                rules,
                codes,
                sources=library.sources,
                folder=room(self.clean.folder),
                label=label,
                base=base,
                base_rows={code: one.rows for code, one in mine.items() if one.rows is not None},
                key=self._key,
                before=[one.before for one in mine.values() if one.before is not None],
            ):
                found[mine[verdict.extract].number].append(_own_names(verdict))
        return {number: tuple(verdicts) for number, verdicts in found.items()}

    def _asked(self, number: int, change: Change) -> Iterator[_Asked]:
        """Each snapshot that has to be judged again, as an extract of its own name."""
        material = change.material(self.clean)
        for base, items in ((False, material.report), (True, material.base_alone)):
            for item in items:
                extract = item.extract
                again = extract.code in change.reread or item in (change.base if base else change.report)
                # what is compared with last year is asked again where only last year's rows changed
                if again or (not base and extract.code in change.extracts and not self._register(extract)):
                    earlier = None if base or self._register(extract) else _of(material.base, extract.code)
                    yield _Asked(
                        number, base, _renamed(item, number), earlier and _renamed(earlier, number), change.codes
                    )

    def _register(self, extract: Extract) -> bool:
        """True for a database's register as it stands: one snapshot for both years."""
        return not extract.per_year and self.clean.run.library.sources[extract.source].kind == "database"

    def _broken(
        self, asked: Iterable[_Asked], known: Sequence[Rule], codes: Mapping[str, tuple[Code, ...]]
    ) -> Iterator[list[Rule]]:
        """The rules that a row, a day or a value breaks; the others pass, and the library need not be asked."""
        listed = list(asked)
        path = room(self.clean.folder) / "scan.duckdb"
        views = [one.item for one in listed] + [as_before(one.before) for one in listed if one.before is not None]
        attach(path, views, codes)
        with looking(path, views) as connection:
            for one in listed:
                extract = one.item.extract
                own = [r for r in known if r.extract == _plain(extract.code) and (r.base or not one.base)]
                own = [r for r in own if not one.codes or r.codes == one.codes]
                rules = [_own(rule, extract.code) for rule in own]
                before = one.before is not None
                counts = scan(connection, extract, rules, codes, one.item.year, one.rows, before=before)
                yield [
                    r for r in rules if counts[r.code].failed or (r.check == "expectation" and self._differs(r, one))
                ]

    def _differs(self, rule: Rule, one: _Asked) -> bool:
        """True where a column that the library looks at itself holds other values than the clean one."""
        clean = self.clean.snapshot(_plain(rule.extract), base=one.base)
        return any(_values(clean.path, column) != _values(one.item.path, column) for column in rule.columns)


def together(changes: Sequence[Change]) -> Iterator[list[int]]:
    """Numbers of changes that one call can judge: they have one catalogue, and there are not too many of them."""
    by_library: dict[int, list[int]] = {}
    for number, change in enumerate(changes):
        by_library.setdefault(id(change.library), []).append(number)
    for numbers in by_library.values():
        for start in range(0, len(numbers), TOGETHER):
            yield numbers[start : start + TOGETHER]


def _renamed(item: Snapshot, number: int) -> Snapshot:
    return replace(item, extract=item.extract.model_copy(update={"code": f"{item.extract.code}{MARK}{number}"}))


def _own(rule: Rule, extract: str) -> Rule:
    """The rule for one changed extract, under a code of its own."""
    return rule.model_copy(update={"code": f"{rule.code}{MARK}{extract.partition(MARK)[2]}", "extract": extract})


def _plain(name: str) -> str:
    return name.partition(MARK)[0]


def _own_names(verdict: Verdict) -> Verdict:
    """The verdict as a run gives it, without the names that only this way of asking needs."""
    place = re.sub(rf"{MARK}\d+", "", verdict.place)
    return replace(verdict, code=_plain(verdict.code), extract=_plain(verdict.extract), place=place)


@cache
def _values(path: Path, column: str) -> frozenset[str]:
    return frozenset(pq.read_table(path, columns=[column]).column(0).unique().to_pylist())


def _of(items: Iterable[Snapshot], extract: str) -> Snapshot | None:
    return next((item for item in items if item.extract.code == extract), None)
