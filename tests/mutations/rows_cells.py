"""Cells that are empty, unknown, in the wrong column or of the wrong value."""

from collections.abc import Iterator
from random import Random

from tests.mutations.fault import ROWS, Fault, RowsChanged
from tests.mutations.material import Rows
from tests.mutations.shapes import EXTRACTS, SHAPES

# Columns that a figure needs, and those that may be empty but need not be.
NEEDED = {
    "vehicle_transaction": ("serial", "kind_code", "completed_at", "status"),
    "licence_transaction": ("serial", "kind_code", "completed_at", "status"),
    "vehicle_register": ("serial", "plate_class", "first_registered_on", "status"),
    "licence_register": ("file_number", "licence_class", "issued_on", "identity_number"),
    "incident_call": ("call_number", "received_at", "category", "channel", "procedure_code", "status"),
    "penalty_decision": ("decision_number", "decided_at", "penalty_kind", "status"),
    "compulsion_measure": ("taken_at", "measure_kind", "status"),
    "licensing_decision": ("decided_at", "result", "status"),
    "published_item": ("section", "document_kind", "issuer", "published_at", "status", "dated_on", "abolished_on"),
    "application": ("received_on", "applicant_kind", "answered_on", "result"),
    "review_case": ("route", "accepted_on", "concluded_on", "outcome"),
    "fee_line": ("paid_on", "category", "quantity", "unit_price_yuan", "amount_yuan"),
}
# Columns with codes, and whether a wrong code can be told from a right one by its shape.
CODED = {
    "vehicle_transaction": ("kind_code", "plate_class", "status"),
    "licence_transaction": ("kind_code", "licence_class", "status"),
    "vehicle_register": ("plate_class", "status"),
    "licence_register": ("licence_class", "status"),
    "incident_call": ("category", "channel", "procedure_code", "status"),
    "penalty_decision": ("penalty_kind", "status"),
    "compulsion_measure": ("measure_kind", "status"),
    "licensing_decision": ("result", "status"),
    "published_item": ("section", "document_kind", "status"),
    "application": ("applicant_kind", "result"),
    "review_case": ("route", "outcome"),
    "fee_line": ("category",),
}
SWAPPED = (
    ("vehicle_transaction", "applied_at", "completed_at"),
    ("vehicle_transaction", "kind_code", "status"),
    ("vehicle_transaction", "serial", "plate_class"),
    ("licence_transaction", "applied_at", "completed_at"),
    ("licence_transaction", "kind_code", "status"),
    ("licence_transaction", "kind_code", "licence_class"),
    ("vehicle_register", "first_registered_on", "left_on"),
    ("vehicle_register", "plate_class", "status"),
    ("vehicle_register", "plate_class", "plate_number"),
    ("licence_register", "issued_on", "left_on"),
    ("licence_register", "licence_class", "status"),
    ("licence_register", "file_number", "identity_number"),
    ("incident_call", "channel", "procedure_code"),
    ("incident_call", "category", "channel"),
    ("incident_call", "procedure_code", "status"),
    ("penalty_decision", "penalty_kind", "status"),
    ("compulsion_measure", "measure_kind", "status"),
    ("licensing_decision", "result", "status"),
    ("licensing_decision", "item_code", "result"),
    ("published_item", "section", "document_kind"),
    ("published_item", "dated_on", "abolished_on"),
    ("published_item", "title", "issuer"),
    ("published_item", "section", "status"),
    ("application", "received_on", "answered_on"),
    ("application", "applicant_kind", "result"),
    ("review_case", "accepted_on", "concluded_on"),
    ("review_case", "route", "outcome"),
    ("fee_line", "quantity", "unit_price_yuan"),
    ("fee_line", "unit_price_yuan", "amount_yuan"),
    ("fee_line", "item", "category"),
)


def faults(rows: Rows) -> Iterator[Fault]:
    """Every fault of these families."""
    yield from _emptied()
    yield from _codes(rows)
    yield from _swapped()
    yield from _flipped()
    yield from _moments()


def one(family: str, extract: str, words: str, sql: str) -> Fault:
    """A fault in the rows of the report year."""
    return Fault(ROWS, family, f"{SHAPES[extract].name}，{words}", RowsChanged(extract, sql))


def replaced(column: str, value: str, where: str = "true") -> str:
    """The rows with another value in one column of some of them."""
    return f"select * replace (case when {where} then {value} else {column} end as {column}) from rows"


def filled(column: str, extract: str, count: int, offset: int) -> str:
    """Condition on a number of rows of the year whose cell is filled."""
    inside = f"year({SHAPES[extract].when}) = 2023"
    return f"n in (select n from rows where {inside} and {column} is not null order by n limit {count} offset {offset})"


def _emptied() -> Iterator[Fault]:
    random = Random(201)
    for extract, columns in NEEDED.items():
        for position, column in enumerate(columns):
            count = (1, 25)[position % 2]
            sql = replaced(column, "null", filled(column, extract, count, random.randrange(20)))
            yield one("空值", extract, f"{count} 行的 {column} 为空", sql)
    for extract in ("application", "review_case", "published_item", "vehicle_register"):
        column = {"application": "answered_on", "review_case": "concluded_on", "published_item": "dated_on"}.get(
            extract, "left_on"
        )
        yield one("空值", extract, f"整列 {column} 没有取到", replaced(column, "null"))


def _codes(rows: Rows) -> Iterator[Fault]:
    """Codes as they come when a system is renewed, a sheet is typed, or a spreadsheet takes them for numbers."""
    random = Random(202)
    for extract, columns in CODED.items():
        for column in columns:
            value = rows.values(extract, column)[0]
            where = filled(column, extract, 6, random.randrange(20))
            yield one("代码错误", extract, f"{column} 出现没有的代码", replaced(column, "'ZZ'", where))
            wrong = _wrong(value)
            words = f"{column} 的 {value} 写成“{wrong}”"
            condition = f"{column} = '{value}' and n % 3 = 0"
            yield one("代码错误", extract, words, replaced(column, f"'{wrong}'", condition))


def _wrong(value: str) -> str:
    if value.isdigit() and len(value) > 1:
        return value.lstrip("0") if value[0] == "0" else f"{value}.0"
    if value.isdigit():
        return chr(ord(value) + 0xFEE0)
    return f" {value}" if not value.isascii() else value.lower()


def _swapped() -> Iterator[Fault]:
    for extract, first, second in SWAPPED:
        types = {"quantity": "::bigint", "unit_price_yuan": "::decimal(18, 2)", "amount_yuan": "::decimal(18, 2)"}
        left, right = f"{second}{types.get(first, '')}", f"{first}{types.get(second, '')}"
        sql = f"select * replace ({left} as {first}, {right} as {second}) from rows"
        yield one("两列对换", extract, f"{first} 与 {second}，全部行", sql)
        few = (
            f"select * replace (case when n % 40 = 3 then {left} else {first} end as {first}, "
            f"case when n % 40 = 3 then {right} else {second} end as {second}) from rows"
        )
        yield one("两列对换", extract, f"{first} 与 {second}，四十分之一的行", few)


def _flipped() -> Iterator[Fault]:
    for extract in EXTRACTS:
        column, (good, bad) = SHAPES[extract].status, SHAPES[extract].counted
        if column:
            yield one("状态成批改变", extract, "全部成了不计的", replaced(column, f"'{bad}'"))
            where = f"{column} = '{good}' and n % 10 < 3"
            yield one("状态成批改变", extract, "三成成了不计的", replaced(column, f"'{bad}'", where))
            yield one("状态成批改变", extract, "不计的全成了计的", replaced(column, f"'{good}'"))
    for extract, left, live in (("vehicle_register", "E", "A"), ("licence_register", "G", "A")):
        yield one(
            "状态成批改变",
            extract,
            "一成在册的标成注销",
            replaced("status", f"'{left}'", "left_on is null and n % 10 = 4"),
        )
        yield one("状态成批改变", extract, "注销的全标成在册", replaced("status", f"'{live}'", "left_on is not null"))
        both = "select * replace (null::date as left_on, 'A' as status) from rows"
        yield one("状态成批改变", extract, "注销的全标成在册，日期也没有", both)
        yield one("注销状态与日期", extract, "注销的都没有日期", replaced("left_on", "null"))
        for count in (1, 30):
            gone = f"n in (select n from rows where left_on is not null order by n limit {count} offset 15)"
            live_rows = f"n in (select n from rows where left_on is null order by n limit {count} offset 900)"
            yield one("注销状态与日期", extract, f"{count} 行注销的没有日期", replaced("left_on", "null", gone))
            yield one("注销状态与日期", extract, f"{count} 行有日期的状态仍在册", replaced("status", f"'{live}'", gone))
            yield one(
                "注销状态与日期", extract, f"{count} 行在册的填了日期",
                replaced("left_on", "date '2023-06-30'", live_rows),
            )  # fmt: skip


def _moments() -> Iterator[Fault]:
    """Placeholders, years mistyped by one, the midnight of the last day that is the first of the next."""
    for extract in EXTRACTS:
        when, shape = SHAPES[extract].when, SHAPES[extract]
        kind = "timestamp" if extract in {"published_item"} or not (shape.exported or "register" in extract) else "date"
        where = filled(when, extract, 4, 33)
        placeholder = replaced(when, f"{kind} '1900-01-01'", where)
        yield one("日期错误", extract, f"4 行的 {when} 为占位日期 1900-01-01", placeholder)
        later = replaced(when, f"({when} + interval 1 year)::{kind}", where)
        yield one("日期错误", extract, f"4 行的 {when} 年份多一年", later)
        earlier = replaced(when, f"({when} - interval 1 year)::{kind}", where)
        yield one("日期错误", extract, f"4 行的 {when} 年份少一年", earlier)
        if kind == "timestamp":
            last = f"{when} >= timestamp '2023-12-30' and {when} < timestamp '2024-01-01'"
            sql = replaced(when, "timestamp '2024-01-01 00:00:00'", last)
            yield one("24 时", extract, "12 月 31 日 24 时记成次年 0 时", sql)
    for extract, first, then in (
        ("application", "received_on", "answered_on"), ("review_case", "accepted_on", "concluded_on"),
    ):  # fmt: skip
        for words, change in (("多一年", "+ interval 1 year"), ("少一年", "- interval 1 year")):
            sql = replaced(then, f"({then} {change})::date", filled(then, extract, 4, 21))
            yield one("日期错误", extract, f"4 行的 {then} 年份{words}", sql)
        sql = replaced(then, f"{first} - 3", filled(then, extract, 2, 60))
        yield one("日期错误", extract, f"2 行的 {then} 早于 {first}", sql)
