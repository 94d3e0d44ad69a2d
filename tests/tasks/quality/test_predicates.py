"""What a rule asks of one row: held, broken or not judged, on both sides of every limit and on values in disguise.

Every case is a row in one table per rule; the two conditions are asked of the engine as they stand.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.engines.embedded import attach
from tasks.quality.predicates import duplicated, parts
from tests.tasks.quality.thing import CODES, NOON, OTHER, THING, YEAR, rule, snapshot
from yearbook.catalog import Rule
from yearbook.errors import Refusal

HELD, BROKEN, APART = "held", "broken", "not judged"
TICK, DAY = timedelta(microseconds=1), timedelta(days=1)
START, END = datetime(2023, 1, 1), datetime(2024, 1, 1)  # noqa: DTZ001 - snapshots keep naive Beijing time
VALID = "11010519491231002X"


def of(column: str, *pairs: tuple[Any, str]) -> list[tuple[dict[str, Any], str]]:
    return [({column: value}, said) for value, said in pairs]


def both(first: str, then: str, *triples: tuple[Any, Any, str]) -> list[tuple[dict[str, Any], str]]:
    return [({first: a, then: b}, said) for a, b, said in triples]


def completed(body: str) -> str:
    """Seventeen places and the eighteenth that makes them right."""
    rest = sum(int(place) * 2 ** (17 - index) for index, place in enumerate(body)) % 11
    return body + "10X98765432"[rest]


CASES: dict[str, tuple[Rule, list[tuple[dict[str, Any], str]]]] = {
    "not_null": (rule("not_null", "remark"), of("remark", ("", HELD), ("x", HELD), (None, BROKEN))),
    "not_null, where": (
        rule("not_null", "remark", where="state = 'A' -- a comment ends"),
        [
            ({"remark": None, "state": "A"}, BROKEN),
            ({"remark": None, "state": "B"}, APART),
            ({"remark": None, "state": None}, APART),
        ],
    ),
    "in_codes": (
        rule("in_codes", "state", codes="letters"),
        of("state", ("A", HELD), ("]", HELD), ("a", BROKEN), ("AB", BROKEN), ("", BROKEN), (None, APART)),
    ),
    "in_set": (
        rule("in_set", "remark", values=["a'b", '甲"乙', "; drop table x --"]),
        of("remark", ("a'b", HELD), ('甲"乙', HELD), ("; drop table x --", HELD), ("a''b", BROKEN), (None, APART)),
    ),
    "matches": (
        rule("matches", "remark", pattern="x'[0-9]{2}|:name"),
        of("remark", ("x'12", HELD), (":name", HELD), ("x'123", BROKEN), ("x'12\n", BROKEN),
           ("yx'12", BROKEN), (None, APART)),
    ),
    "made_of_codes": (
        rule("made_of_codes", "classes", codes="longer"),
        of("classes", ("C1", HELD), ("CC1D", HELD), ("D甲.D", HELD), ("1C", BROKEN),
           ("甲D", BROKEN), ("D甲x", BROKEN), ("C1 D", BROKEN), ("", BROKEN), (None, APART)),
    ),
    "made_of_codes, letters": (
        rule("made_of_codes", "state", codes="letters"),
        of("state", ("AEM]", HELD), ("AAAA", HELD), ("A[", BROKEN), ("\\", BROKEN)),
    ),
    "counts": (
        rule("counts", "state", codes="letters", treated="gone"),
        of("state", ("A", HELD), ("B", HELD), ("E", BROKEN), ("]", BROKEN), ("AE", APART), ("x", APART), (None, APART)),
    ),
    "present_when, letters": (
        rule("present_when", "state", "left_on", codes="letters", treated="gone"),
        both("state", "left_on", ("E", None, BROKEN), ("AM", None, BROKEN), ("A]", None, BROKEN),
             ("E", NOON.date(), HELD), ("AB", None, APART), ("A", NOON.date(), APART),
             (None, None, APART), ("", None, APART)),
    ),
    "present_when, longer codes": (
        rule("present_when", "classes", "left_on", codes="longer", treated="cycle"),
        both("classes", "left_on", ("D", None, BROKEN), ("甲.", NOON.date(), HELD), ("C1", None, APART),
             ("C1D", None, APART)),
    ),
    "check_digit": (
        rule("check_digit", "identity"),
        of("identity", (VALID[:-1] + "1", BROKEN), (VALID, HELD), (VALID.lower(), APART), ("110105491231002", APART),
           ("11010519491331002X", BROKEN), ("１１０１０５１９４９１２３１００２X", APART), ("X" * 18, APART),
           ("", APART), (" " + VALID, APART), (VALID + "\n", APART), ("1e+17" + "0" * 13, APART), (None, APART),
           (completed("11010500000101002"), BROKEN), (completed("11010519000229002"), BROKEN),
           (completed("11010520000229002"), HELD), (completed("11010500010101002"), HELD)),
    ),
    "between, both": (
        rule("between", "fee", low=-1, high=5),
        of("fee", (Decimal("-1.00"), HELD), (Decimal("5.00"), HELD), (Decimal("-1.01"), BROKEN),
           (Decimal("5.01"), BROKEN), (None, APART)),
    ),
    "between, low": (rule("between", "pages", low=0), of("pages", (0, HELD), (2**62, HELD), (-1, BROKEN))),
    "between, high": (rule("between", "pages", high=0), of("pages", (0, HELD), (-(2**62), HELD), (1, BROKEN))),
    "within_year, moment": (
        rule("within_year", "done_at"),
        of("done_at", (START, HELD), (END - TICK, HELD), (START - TICK, BROKEN), (END, BROKEN), (None, APART)),
    ),
    "within_year, date": (
        rule("within_year", "signed_on"),
        of("signed_on", (START.date(), HELD), (END.date() - DAY, HELD), (START.date() - DAY, BROKEN),
           (END.date(), BROKEN)),
    ),
    "not_after, moments": (
        rule("not_after", "asked_at", "done_at"),
        both("asked_at", "done_at", (NOON, NOON, HELD), (NOON, NOON - TICK, BROKEN), (None, NOON, APART),
             (NOON, None, APART)),
    ),
    "not_after, dates": (
        rule("not_after", "signed_on", "left_on"),
        both("signed_on", "left_on", (date(2023, 5, 2), date(2023, 5, 2), HELD),
             (date(2023, 5, 3), date(2023, 5, 2), BROKEN)),
    ),
    "not_after, a date and a moment of its day": (
        rule("not_after", "signed_on", "done_at"),
        both("signed_on", "done_at", (NOON.date(), NOON, HELD), (NOON.date() + DAY, NOON, BROKEN)),
    ),
    "not_after, a moment and its own day": (
        rule("not_after", "asked_at", "left_on"),
        both("asked_at", "left_on", (NOON, NOON.date(), HELD), (NOON, NOON.date() - DAY, BROKEN)),
    ),
    "refers_to": (
        rule("refers_to", "remark", refers_to="other.known"),
        of("remark", ("K'1", HELD), ("k'1", BROKEN), ("", BROKEN), (None, APART)),
    ),
    "usual": (
        rule("usual", "remark", "pages"),
        both("remark", "pages", ("A", 5, HELD), ("A", 5, HELD), ("A", 6, BROKEN), ("B", 7, HELD), (None, 8, APART),
             ("B", None, APART)),
    ),
    "holds": (
        rule("holds", "pages", "fee", condition="pages * 2 <= fee -- cheap"),
        both("pages", "fee", (3, Decimal(6), HELD), (3, Decimal("5.99"), BROKEN), (None, Decimal(6), APART),
             (3, None, APART)),
    ),
    "holds, asked of empty cells": (
        rule("holds", "left_on", "remark", condition="left_on is null or remark is not null"),
        both("left_on", "remark", (None, None, HELD), (NOON.date(), None, BROKEN), (NOON.date(), "x", HELD)),
    ),
    "holds, where": (
        rule("holds", "pages", condition="pages > 0", where="fee > 7 or state = 'B'"),
        [({"pages": 0}, BROKEN), ({"pages": 0, "fee": None}, APART), ({"pages": 0, "fee": None, "state": "B"}, BROKEN)],
    ),
    "unique": (
        rule("unique", "remark"),
        of("remark", ("a", BROKEN), ("a", BROKEN), ("A", HELD), ("a ", HELD), (None, APART), (None, APART)),
    ),
    "unique, of two": (
        rule("unique", "remark", "pages"),
        both("remark", "pages", ("a", 1, BROKEN), ("a", 1, BROKEN), ("a", 2, HELD), ("a", None, APART),
             ("a", None, APART)),
    ),
    "unique, where": (
        rule("unique", "remark", where="state = 'A'"),
        [({"remark": "a"}, HELD), ({"remark": "a", "state": "B"}, APART), ({"remark": "a", "state": None}, APART)],
    ),
}  # fmt: skip


def said(asked: Rule, changes: Iterable[dict[str, Any]], folder: Path) -> list[str]:
    """What the rule says to each row, in the order of the rows."""
    rows = [{"number": f"N{n:05d}", **change} for n, change in enumerate(changes)]
    others = snapshot([{"known": "K'1", "other_pages": 4}, {"known": None}], folder, OTHER)
    attach(folder / "rows.duckdb", [snapshot(rows, folder), others], CODES)
    found = parts(asked, THING, CODES, YEAR)
    with duckdb.connect(str(folder / "rows.duckdb")) as engine:
        answers = engine.execute(
            f"SELECT {found.judged}, {found.holds}, {found.failing} FROM thing ORDER BY number"
        ).fetchall()
    words = {(True, True): HELD, (True, False): BROKEN}
    assert {judged for judged, _, _ in answers} <= {True, False}
    assert all(failing is (judged and not holds) for judged, holds, failing in answers)
    return [words[True, holds] if judged else APART for judged, holds, _ in answers]


@pytest.mark.parametrize("name", CASES)
def test_every_check_on_every_side_of_its_limits(name: str, tmp_path: Path) -> None:
    asked, cases = CASES[name]
    assert said(asked, [change for change, _ in cases], tmp_path) == [word for _, word in cases]


def test_every_check_on_rows_has_cases() -> None:
    from yearbook.catalog.rules import WHOLE, Check

    assert {asked.check for asked, _ in CASES.values()} == set(Check.__args__) - WHOLE  # type: ignore[attr-defined]


def test_doubled_rows_as_a_condition_of_their_own(tmp_path: Path) -> None:
    asked, cases = CASES["unique, of two"]
    attach(tmp_path / "rows.duckdb", [snapshot([change for change, _ in cases], tmp_path)], CODES)
    with duckdb.connect(str(tmp_path / "rows.duckdb")) as engine:
        [(doubled, rows)] = engine.execute(
            f"SELECT count(*) FILTER (WHERE {duplicated(asked)}), count({duplicated(asked)}) FROM thing"
        ).fetchall()
    assert (doubled, rows) == (2, len(cases))


def plain_check(text: str) -> str:
    """The same rule in plain Python."""
    if not re.fullmatch(r"[0-9]{17}[0-9X]", text, re.ASCII):
        return APART
    places = [10 if place == "X" else int(place) for place in text]
    if sum(place * 2 ** (17 - index) for index, place in enumerate(places)) % 11 != 1:
        return BROKEN
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return BROKEN
    return HELD


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


BORN = st.one_of(st.dates().map(lambda day: f"{day.year:04d}{day:%m%d}"), digits(8))
NUMBERS = st.builds(lambda place, born, order: completed(place + born + order), digits(6), BORN, digits(3))
ANY = st.characters(min_codepoint=33, max_codepoint=0x9FFF, exclude_categories=("Cc", "Cs", "Zs"))
TEXTS = st.one_of(NUMBERS, st.text("0123456789Xx１²٣", min_size=17, max_size=19), st.text(ANY, max_size=20))


@settings(max_examples=12, deadline=None)
@given(texts=st.lists(TEXTS, min_size=20, max_size=60))
def test_check_digits_agree_with_plain_python(texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    rows = [{"identity": text} for text in texts]
    answers = said(rule("check_digit", "identity"), rows, tmp_path_factory.mktemp("digits"))
    assert answers == [plain_check(text) for text in texts]


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (rule("not_null", "nobody"), "没有列 nobody"),
        (rule("between", "remark", low=1), "between 不能用于 text 列 remark"),
        (rule("within_year", "pages"), "within_year 不能用于 integer 列 pages"),
        (rule("not_after", "asked_at", "pages"), "not_after 不能用于 integer 列 pages"),
        (rule("matches", "fee", pattern="x"), "matches 不能用于 money 列 fee"),
        (rule("present_when", "pages", "left_on", codes="letters", treated="gone"), "不能用于 integer 列 pages"),
    ],
)
def test_a_column_that_a_check_cannot_judge_is_refused(asked: Rule, why: str) -> None:
    with pytest.raises(Refusal) as refusal:
        parts(asked, THING, CODES, YEAR)
    assert "规则 THG-01 无法评估（things.thing" in refusal.value.what
    assert why in refusal.value.what
    assert "expectations/things.toml" in refusal.value.todo
