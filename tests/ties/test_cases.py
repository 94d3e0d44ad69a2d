"""One table of cases per tie-out rule: figures in memory, and what the rule must say of them.

A case file lies at ``tests/ties/<code>.toml``:

- ``kind`` says what the case is for; which kinds a rule needs is in ``required``;
- ``figures`` and ``base`` give values by figure code; all others are zero, this year and the year before;
- ``no_base`` lists figures without a base; ``["*"]`` stands for all;
- ``neighbours`` gives figures that the rule must neither read nor name;
- ``year`` (2023 unless said) and ``properties`` of the body;
- each ``[[case.verdict]]`` is one expected verdict, in order; none means that the rule is switched off.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from tasks.library import load_library
from yearbook.catalog import Indicator, Tie
from yearbook.errors import Refusal
from yearbook.figure import Figure, Figures
from yearbook.ties import judge
from yearbook.verdict import Status, Verdict

FOLDER = Path(__file__).parent
LIBRARY = load_library(FOLDER.parents[1])
TIES = {tie.code: tie for tie in LIBRARY.ties}
FILES = {path.stem: path for path in sorted(FOLDER.glob("*.toml"))}
YEAR = 2023


def case_table(code: str) -> list[dict[str, Any]]:
    table: list[dict[str, Any]] = tomllib.loads(FILES[code].read_text(encoding="utf-8"))["case"]
    return table


def cases() -> Iterator[Any]:
    for code in FILES:
        for case in case_table(code):
            yield pytest.param(code, case, id=f"{code}：{case['name']}")


def required(tie: Tie) -> set[str]:
    """Kinds of cases without which a rule counts as untested."""
    kinds = {"holds", "off_by_one", "neighbour"}
    if any("base:" in term for term in (*tie.left, *tie.right)):
        kinds.add("no_base")
    if tie.unless:
        kinds.add("switched_off")
    return kinds


def figure(indicator: Indicator, members: tuple[str, ...], case: dict[str, Any]) -> Figure:
    code = indicator.figure_code(members)
    without = case.get("no_base", [])
    return Figure(
        code=code,
        name=indicator.figure_name(members),
        label=indicator.label(members) or "合计",
        value=(case.get("figures", {}) | case.get("neighbours", {})).get(code, 0),
        unit=indicator.unit,
        wording=indicator.wording,
        definition=indicator.definition,
        basis=indicator.basis,
        base=None if code in without or "*" in without else case.get("base", {}).get(code, 0),
        sql_name="",
        sql_digest="",
        snapshots=(),
        row_count=0,
    )


def figures(case: dict[str, Any]) -> Figures:
    """Every figure of the catalogue with the case's values."""
    made = Figures(
        figure(indicator, members, case)
        for indicator in LIBRARY.indicators.values()
        for members in indicator.combinations()
    )
    named = {*case.get("figures", {}), *case.get("base", {}), *case.get("neighbours", {}), *case.get("no_base", [])}
    assert not named - set(made) - {"*"}, "the case names a figure that the catalogue does not have"
    return made


def verdicts(tie: Tie, case: dict[str, Any]) -> tuple[Verdict, ...]:
    properties = frozenset(case.get("properties", []))
    return judge([tie], figures(case), year=case.get("year", YEAR), properties=properties)


def test_every_rule_has_a_case_file_and_every_case_file_a_rule() -> None:
    assert set(FILES) == set(TIES)


@pytest.mark.parametrize("code", TIES)
def test_every_rule_has_the_kinds_of_cases_it_needs(code: str) -> None:
    found = case_table(code)
    assert required(TIES[code]) <= {case["kind"] for case in found}
    assert len({case["name"] for case in found}) == len(found)
    directions = {v["difference"][0] == "-" for c in found for v in c.get("verdict", []) if v["status"] == "failed"}
    assert directions == ({True, False} if TIES[code].relation == "=" and TIES[code].right else {False})


@pytest.mark.parametrize(("code", "case"), list(cases()))
def test_case(code: str, case: dict[str, Any]) -> None:
    tie = TIES[code]
    found = verdicts(tie, case)
    for verdict, wanted in zip(found, case.get("verdict", []), strict=True):
        told = asdict(verdict)
        assert {key: told[key] for key in wanted} == wanted
        assert (verdict.code, verdict.severity, verdict.say, verdict.do) == (tie.code, tie.severity, tie.say, tie.do)
        assert not set(case.get("neighbours", {})) & set(verdict.figures)
        assert verdict.failed == (verdict.status is Status.FAILED)
        if verdict.status is not Status.FAILED:
            assert (verdict.expected, verdict.found, verdict.difference) == (None, None, None)


@pytest.mark.parametrize(("code", "case"), list(cases()))
def test_the_order_of_terms_changes_no_result(code: str, case: dict[str, Any]) -> None:
    tie = TIES[code]
    turned = tie.model_copy(update={"left": tie.left[::-1], "right": tie.right[::-1]})
    there, back = verdicts(tie, case), verdicts(turned, case)
    assert [(v.status, v.expected, v.found, v.difference, set(v.figures)) for v in there] == [
        (v.status, v.expected, v.found, v.difference, set(v.figures)) for v in back
    ]


@pytest.mark.parametrize("code", TIES)
def test_a_rule_holds_from_its_first_to_its_last_year(code: str) -> None:
    tie = TIES[code].model_copy(update={"until": TIES[code].since + 1, "unless": None})
    answered = {year: len(verdicts(tie, {"year": year})) for year in range(tie.since - 1, tie.since + 3)}
    assert list(answered.values()) == [0, 1, 1, 0]


@pytest.mark.parametrize("code", TIES)
def test_a_rule_guards_every_figure_it_reads(code: str) -> None:
    tie = TIES[code]
    [verdict] = judge([tie], figures({}), year=YEAR, properties=frozenset())
    for read in verdict.figures:
        broken = verdicts(tie, {"figures": {read: 1}, "base": {read: 3}})
        swallowed = tie.relation == "<=" and read in {
            "incidents.received",
            "vehicle_business.total",
            "licence_business.total",
        }
        assert swallowed or any(read in v.figures and v.status is Status.FAILED for v in broken), read


@pytest.mark.parametrize(
    ("term", "said"),
    [("drivers.nobody", "drivers.nobody"), ("nothing.*", "nothing.*"), ("1", "裸数字 1"), ("drivers", "drivers")],
)
def test_a_term_that_names_no_figure_is_refused(term: str, said: str) -> None:
    tie = TIES["B-1b"].model_copy(update={"left": (term,)})
    with pytest.raises(Refusal, match=tie.code) as refusal:
        verdicts(tie, {})
    assert said in refusal.value.what
