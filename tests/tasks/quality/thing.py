"""A small extract of every column type, its code lists, and rules on it written one by one."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from tasks.quality.judge import validate
from tasks.sources.contract import Intake
from tasks.sources.snapshot import Snapshot, write_parquet
from tasks.store import Blobs
from yearbook.catalog import Code, Extract, Rule, Source
from yearbook.catalog.entries import Column
from yearbook.period import ReportYear
from yearbook.verdict import Verdict

YEAR = ReportYear(2023)
NOON = datetime(2023, 4, 11, 12)  # noqa: DTZ001 - snapshots keep naive Beijing time
KEY = b"key of a run"
TYPES = {
    "number": "code", "state": "code", "classes": "code", "remark": "text", "identity": "code", "pages": "integer",
    "fee": "money", "signed_on": "date", "left_on": "date", "asked_at": "moment", "done_at": "moment",
}  # fmt: skip
ROW: dict[str, Any] = {
    "number": "N{n}", "state": "A", "classes": "C1D", "remark": "甲", "identity": "11010519491231002X", "pages": 3,
    "fee": Decimal("7.25"), "signed_on": date(2023, 4, 11), "left_on": date(2023, 9, 13), "asked_at": NOON,
    "done_at": NOON,
}  # fmt: skip
# letters of which a state may have several, of which E and M are gone; and codes of more than one letter
LISTS = {
    "letters": {"A": "here", "B": "here", "E": "gone", "M": "gone", "]": "gone"},
    "longer": {"C1": "car", "C": "car", "D": "cycle", "甲.": "cycle"},
}


def columns(types: Mapping[str, str]) -> tuple[Column, ...]:
    return tuple(
        Column.model_validate({"name": name, "type": kind, "required": False, "personal": name == "identity"})
        for name, kind in types.items()
    )


def extract(code: str = "thing", types: Mapping[str, str] = TYPES) -> Extract:
    return Extract(
        code=code, source="things", name=code, per_year=True, key=(next(iter(types)),), columns=columns(types)
    )


THING, OTHER = extract(), extract("other", {"known": "code", "other_pages": "integer"})
SOURCES = {"things": Source(code="things", name="物", kind="database", owner="物主", extracts=(THING, OTHER))}
CODES = {
    name: tuple(
        Code(code=code, name=code, counts_as=group, source="出处", since=date(2020, 1, 1))
        for code, group in codes.items()
    )
    for name, codes in LISTS.items()
}


def rule(check: str, *names: str, **fields: Any) -> Rule:
    words = {"severity": "warning", "say": "说。", "say_en": "Says.", "do": "做。", "code": "THG-01"}
    whole = {"source": "things", "extract": "thing", "check": check, "columns": names, **words, **fields}
    return Rule.model_validate(whole)


def snapshot(
    changes: Iterable[Mapping[str, Any]], folder: Path, of: Extract = THING, year: ReportYear = YEAR
) -> Snapshot:
    """A snapshot with a row per change of the valid row; ``{n}`` in a text is the row's number."""
    rows = []
    for number, change in enumerate(changes):
        valid = {name: v.format(n=number) if isinstance(v, str) else v for name, v in ROW.items()}
        rows.append({column.name: None for column in of.columns} | (valid if of is THING else {}) | dict(change))
    intake, blobs = Intake(of, "Asia/Shanghai", "case"), Blobs(folder / "blobs")
    batch = intake.batch([[row[column.name] for row in rows] for column in of.columns])
    digest = write_parquet(of, intake.schema, [batch], blobs)
    return Snapshot(extract=of, year=year, digest=digest, path=blobs.path(digest), row_count=len(rows))


def judged(items: Iterable[Snapshot], rules: Iterable[Rule], folder: Path, **changed: Any) -> tuple[Verdict, ...]:
    room = folder / f"room{len(list(folder.iterdir()))}"
    room.mkdir()
    given: dict[str, Any] = {
        "sources": SOURCES, "folder": room, "label": "", "base": False, "base_rows": {}, "key": KEY,
    }  # fmt: skip
    return validate(items, rules, CODES, **given | changed)
