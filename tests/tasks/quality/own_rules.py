"""A catalogue with a few rules of its own on the shipped extracts, and snapshots by example."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from tasks.library import Library, load_library
from tasks.sources.contract import Intake
from tasks.sources.snapshot import Snapshot, write_parquet
from tasks.store import Blobs
from yearbook.catalog import Rule
from yearbook.period import ReportYear
from yearbook.verdict import Status, Verdict

YEAR = ReportYear(2023)
WORDS = 'severity = "warning"\nsay = "说。"\nsay_en = "Says."\ndo = "做。"\n'
VEHICLES = {
    "VEH-01": 'extract = "vehicle_transaction"\ncheck = "not_after"\ncolumns = ["applied_at", "completed_at"]',
    "VEH-02": 'extract = "vehicle_transaction"\ncheck = "unique"\ncolumns = ["serial"]',
    "VEH-03": 'extract = "vehicle_transaction"\ncheck = "in_codes"\ncolumns = ["kind_code"]\n'
    'codes = "vehicle_business"',
    "VEH-04": 'extract = "vehicle_transaction"\ncheck = "row_count"\nlow = 1000',
    "VEH-05": 'extract = "vehicle_transaction"\ncheck = "in_codes"\ncolumns = ["status"]\ncodes = "transaction_status"',
    "VEH-06": 'extract = "vehicle_transaction"\ncheck = "refers_to"\ncolumns = ["serial"]\n'
    'refers_to = "vehicle_register.serial"',
    "VEH-07": 'extract = "vehicle_transaction"\ncheck = "matches"\ncolumns = ["serial"]\npattern = "(["',
    "VEH-08": 'extract = "vehicle_transaction"\ncheck = "unique"\ncolumns = ["kind_code", "plate_class"]',
    "VEH-10": 'extract = "vehicle_register"\ncheck = "not_after"\ncolumns = ["first_registered_on", "left_on"]',
    "VEH-11": 'extract = "vehicle_register"\ncheck = "in_codes"\ncolumns = ["plate_class"]\ncodes = "plate_class"',
    "VEH-12": 'extract = "vehicle_register"\ncheck = "not_null"\ncolumns = ["left_on"]\nbase = false',
    "VEH-13": 'extract = "vehicle_register"\ncheck = "made_of_codes"\ncolumns = ["status"]\ncodes = "vehicle_status"',
}
FEES = {
    "FEE-01": 'extract = "fee_line"\ncheck = "between"\ncolumns = ["quantity"]\nlow = 1',
    "FEE-02": 'extract = "fee_line"\ncheck = "reaches_year"\ncolumns = ["paid_on"]',
    "FEE-03": 'extract = "fee_line"\ncheck = "not_null"\ncolumns = ["item"]',
}
NOON = datetime(2023, 5, 1, 12)  # noqa: DTZ001 - snapshots keep naive Beijing time
VALID: dict[str, dict[str, Any]] = {
    "vehicle_transaction": {
        "serial": "S{n}", "kind_code": "A", "plate_class": "02", "applied_at": NOON, "completed_at": NOON,
        "status": "2",
    },
    "vehicle_register": {
        "serial": "S{n}", "plate_class": "02", "plate_number": "样A{n}", "first_registered_on": date(2015, 5, 1),
        "status": "A", "left_on": None,
    },
    "fee_line": {
        "paid_on": date(2023, 5, 1), "item": "I{n}", "category": "信息处理费", "quantity": 1,
        "unit_price_yuan": Decimal("10.05"), "amount_yuan": Decimal("10.05"),
    },
}  # fmt: skip


def _toml(rules: dict[str, str]) -> str:
    return "\n".join(f"[{code}]\n{text}\n{WORDS}" for code, text in rules.items())


def own_library(**changed: str) -> Library:
    """The shipped ``sql`` with the rules above; ``changed`` replaces texts by name, ``/`` and ``.`` written ``__``."""
    texts = load_library(Path(__file__).parents[3]).texts
    sql = {name: text for name, text in texts.items() if name.startswith("sql/")}
    sources = Library(sql).sources
    rules = {f"expectations/{source}.toml": "" for source in sources}
    rules |= {"expectations/vehicles.toml": _toml(VEHICLES), "expectations/fees.toml": _toml(FEES)}
    return Library(sql | rules | changed)


LIBRARY = own_library()
RULES = {rule.code: rule for rule in LIBRARY.rules}
EXTRACTS = {extract.code: extract for source in LIBRARY.sources.values() for extract in source.extracts}


def snapshot(code: str, changes: Iterable[dict[str, Any]], blobs: Blobs, *, year: ReportYear = YEAR) -> Snapshot:
    """A snapshot with a row per change; ``{n}`` in a valid value is the row's number, so keys ascend with it."""
    extract = EXTRACTS[code]
    columns = tuple(column.model_copy(update={"required": False}) for column in extract.columns)
    loose = extract.model_copy(update={"columns": columns})
    rows = []
    for number, change in enumerate(changes):
        valid = {name: v.format(n=f"{number:05d}") if isinstance(v, str) else v for name, v in VALID[code].items()}
        rows.append(valid | change)
    intake = Intake(loose, "Asia/Shanghai", "case")
    batch = intake.batch([[row[column.name] for row in rows] for column in loose.columns])
    digest = write_parquet(loose, intake.schema, [batch], blobs)
    return Snapshot(extract=extract, year=year, digest=digest, path=blobs.path(digest), row_count=len(rows))


def failed(rule: Rule, *, base: bool = False, **changed: Any) -> Verdict:
    """A verdict that says that a rule failed."""
    fields: dict[str, Any] = {
        "code": rule.code, "say": rule.say, "severity": rule.severity, "status": Status.FAILED, "place": "处",
        "source": rule.source, "extract": rule.extract, "base": base, "evaluated": 9, "failed": 1,
    }  # fmt: skip
    return Verdict(**fields | changed)
