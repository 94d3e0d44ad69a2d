"""Figures with and without the rows that broke a rule, counted by the indicators' own queries."""

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tasks.engines.embedded import EmbeddedEngine
from tasks.extract import Material
from tasks.library import Library
from tasks.quality.impact import NO_FIGURE, NOTHING_MOVES, ROWS_UNKNOWN, weigh
from tasks.sources.snapshot import Snapshot
from tasks.store import Blobs
from tests.tasks.quality.own_rules import LIBRARY, NOON, RULES, YEAR, failed, own_library, snapshot
from yearbook.verdict import Category, Impact, Status, Verdict

LATE = {"applied_at": NOON.replace(month=9)}
BEFORE = NOON.replace(year=2022)
CANARY = "CANARY-7741"


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")


def weighed(
    verdict: Verdict,
    folder: Path,
    report: tuple[Snapshot, ...],
    base: tuple[Snapshot, ...] = (),
    library: Library = LIBRARY,
) -> Verdict:
    [one] = weigh([verdict], Material(report, base), library, year=YEAR, body_name="甲", folder=folder)
    return one


def told(verdict: Verdict) -> dict[tuple[str, bool], tuple[str | None, str | None, str | None]]:
    """Impact by figure and year: counted, without, difference."""
    found = {(i.figure, i.base): (i.counted, i.without, i.difference) for i in verdict.impact}
    assert len(found) == len(verdict.impact)
    return found


def test_figures_that_move_are_told_with_and_without_the_rows(tmp_path: Path, blobs: Blobs) -> None:
    item = snapshot("vehicle_transaction", [{}, LATE, {}, LATE, {"kind_code": "B"}, {"kind_code": "B"} | LATE], blobs)
    verdict = weighed(failed(RULES["VEH-01"]), tmp_path, (item,))
    assert told(verdict) == {
        ("vehicle_business.total", False): ("6", "3", "-3"),
        ("vehicle_business.initial_registration", False): ("4", "2", "-2"),
        ("vehicle_business.transfer", False): ("2", "1", "-1"),
    }
    assert verdict.impact[0] == Impact("vehicle_business.total", "机动车业务量", "件", False, "6", "3", "-3")
    assert verdict.impact[1].name == "机动车业务量·注册登记"
    assert verdict.detail == ""


def test_amounts_are_exact(tmp_path: Path, blobs: Blobs) -> None:
    wrong = {"quantity": 0, "amount_yuan": Decimal("0.10")}
    item = snapshot("fee_line", [{}, wrong, {}, wrong | {"category": "行政事业性收费"}, {}], blobs)
    assert told(weighed(failed(RULES["FEE-01"]), tmp_path, (item,))) == {
        ("administrative_fees", False): ("0.10", "0.00", "-0.10"),
        ("processing_fees", False): ("30.25", "30.15", "-0.10"),
    }


def test_of_doubled_rows_one_is_still_counted(tmp_path: Path, blobs: Blobs) -> None:
    item = snapshot("vehicle_transaction", [{"serial": serial} for serial in ("A", "B", "B", "B", "C", "C")], blobs)
    moved = told(weighed(failed(RULES["VEH-02"]), tmp_path, (item,)))
    assert moved[("vehicle_business.total", False)] == ("6", "3", "-3")


def test_rows_that_are_not_counted_move_nothing(tmp_path: Path, blobs: Blobs) -> None:
    item = snapshot("vehicle_transaction", [{}, LATE | {"status": "3"}], blobs)
    verdict = weighed(failed(RULES["VEH-01"], detail="原有说明"), tmp_path, (item,))
    assert (verdict.impact, verdict.detail) == ((), f"原有说明；{NOTHING_MOVES}")


def test_what_cannot_be_classified_cannot_be_counted_with_its_rows(tmp_path: Path, blobs: Blobs) -> None:
    item = snapshot("vehicle_transaction", [{}, {}, {"kind_code": CANARY}], blobs)
    verdict = weighed(failed(RULES["VEH-03"]), tmp_path, (item,))
    moved = told(verdict)
    indicator = LIBRARY.indicators["vehicle_business"]
    assert {figure for figure, _ in moved} == {indicator.figure_code(c) for c in indicator.combinations()}
    assert moved[("vehicle_business.total", False)] == (None, "2", None)
    assert moved[("vehicle_business.transfer", False)] == (None, "0", None)
    assert CANARY not in str(verdict)


def test_a_row_that_refers_to_nothing_is_left_out(tmp_path: Path, blobs: Blobs) -> None:
    register = snapshot("vehicle_register", [{"serial": "S00001"}], blobs)
    item = snapshot("vehicle_transaction", [{}, {}, {}], blobs)
    moved = told(weighed(failed(RULES["VEH-06"]), tmp_path, (item, register)))
    assert moved[("vehicle_business.total", False)] == ("3", "1", "-2")


def test_a_register_moves_the_value_and_the_base(tmp_path: Path, blobs: Blobs) -> None:
    wrong, left, new = {"status": "-"}, {"left_on": date(2023, 6, 1)}, {"first_registered_on": date(2023, 6, 1)}
    item = snapshot("vehicle_register", [{}, left, new, wrong, wrong | left, wrong | left, wrong | new], blobs)
    verdict = weighed(failed(RULES["VEH-13"]), tmp_path, (item,), (item,))
    assert told(verdict) == {
        ("motor_vehicles.total", False): ("4", "2", "-2"),
        ("motor_vehicles.car", False): ("4", "2", "-2"),
        ("motor_vehicles.total", True): ("5", "2", "-3"),
        ("motor_vehicles.car", True): ("5", "2", "-3"),
    }
    gone_before = snapshot("vehicle_register", [{"left_on": date(2014, 6, 1)}], blobs)
    verdict = weighed(failed(RULES["VEH-10"]), tmp_path, (gone_before,), (gone_before,))
    assert (verdict.impact, verdict.detail) == ((), NOTHING_MOVES)


def test_a_register_that_cannot_be_classified_is_told_for_both_years(tmp_path: Path, blobs: Blobs) -> None:
    unknown, new = {"plate_class": CANARY}, {"first_registered_on": date(2023, 6, 1)}
    item = snapshot("vehicle_register", [{}, new, unknown | new], blobs)
    moved = told(weighed(failed(RULES["VEH-11"]), tmp_path, (item,), (item,)))
    # the row that no list knows was registered after the base year, so the base moves nothing
    assert {figure: numbers for figure, numbers in moved.items() if figure[0] == "motor_vehicles.total"} == {
        ("motor_vehicles.total", False): (None, "2", None)
    }
    verdict = weighed(failed(RULES["VEH-13"]), tmp_path, (item,), (item,))
    assert (verdict.impact, verdict.detail) == ((), "影响未能计算：查询 sql/vehicles/motor_vehicles.sql 不能回答")


def test_base_rows_move_the_base_alone(tmp_path: Path, blobs: Blobs) -> None:
    late = {"applied_at": NOON, "completed_at": BEFORE}
    now = snapshot("vehicle_transaction", [{}, LATE], blobs)
    then = snapshot("vehicle_transaction", [{"applied_at": BEFORE, "completed_at": BEFORE}, late, late], blobs,
                    year=YEAR.previous)  # fmt: skip
    verdict = weighed(failed(RULES["VEH-01"], base=True), tmp_path, (now,), (then,))
    assert told(verdict) == {
        ("vehicle_business.total", True): ("3", "1", "-2"),
        ("vehicle_business.initial_registration", True): ("3", "1", "-2"),
    }
    assert [impact.base for impact in verdict.impact] == [True, True]
    verdict = weighed(failed(RULES["VEH-01"]), tmp_path, (now,), (then,))
    assert told(verdict) == {
        ("vehicle_business.total", False): ("2", "1", "-1"),
        ("vehicle_business.initial_registration", False): ("2", "1", "-1"),
    }


@pytest.mark.parametrize("base", [False, True])
def test_of_a_whole_table_the_totals_are_named(base: bool, tmp_path: Path, blobs: Blobs) -> None:
    day = BEFORE if base else NOON
    year = YEAR.previous if base else YEAR
    item = snapshot("vehicle_transaction", [{"applied_at": day, "completed_at": day}] * 3, blobs, year=year)
    report, known = ((), (item,)) if base else ((item,), ())
    verdict = weighed(failed(RULES["VEH-04"], base=base), tmp_path, report, known)
    assert told(verdict) == {("vehicle_business.total", base): ("3", None, None)}
    assert verdict.detail == ""


def test_an_indicator_without_a_total_is_named_whole(tmp_path: Path, blobs: Blobs) -> None:
    fees = snapshot("fee_line", [{}, {}], blobs)
    assert told(weighed(failed(RULES["FEE-02"]), tmp_path, (fees,))) == {
        ("administrative_fees", False): ("0.00", None, None),
        ("processing_fees", False): ("20.10", None, None),
    }


BROKEN = {
    "unknown column": "select nobody as kind, 1 as value, 1 as row_count from vehicle_transaction",
    "value in the reason": "select cast(t.serial as integer) as value, 1 as row_count from vehicle_transaction as t",
}


@pytest.mark.parametrize("sql", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("code", ["VEH-01", "VEH-04"])
def test_a_query_that_cannot_be_answered_is_told_without_a_value(
    code: str, sql: str, tmp_path: Path, blobs: Blobs
) -> None:
    library = own_library(**{"sql/vehicles/vehicle_business.sql": sql})
    item = snapshot("vehicle_transaction", [{"serial": CANARY}, LATE], blobs)
    verdict = weighed(failed(RULES[code]), tmp_path, (item,), library=library)
    assert verdict.impact == ()
    assert verdict.detail == "影响未能计算：查询 sql/vehicles/vehicle_business.sql 不能回答"


def test_a_query_that_needs_the_rows_is_told_with_the_number_it_gave(tmp_path: Path, blobs: Blobs) -> None:
    sql = LIBRARY.text("sql/fees/processing_fees.sql").replace("coalesce(sum(t.amount_yuan), 0)", "sum(t.amount_yuan)")
    library = own_library(**{"sql/fees/processing_fees.sql": sql})
    item = snapshot("fee_line", [{"quantity": 0}], blobs)
    verdict = weighed(failed(RULES["FEE-01"]), tmp_path, (item,), library=library)
    assert told(verdict) == {("processing_fees", False): ("10.05", None, None)}


def test_a_rule_that_cannot_be_asked_is_told(tmp_path: Path, blobs: Blobs) -> None:
    item = snapshot("vehicle_transaction", [{"serial": CANARY}], blobs)
    verdict = weighed(failed(RULES["VEH-07"]), tmp_path, (item,))
    assert (verdict.impact, verdict.detail) == ((), ROWS_UNKNOWN)


def test_rows_that_no_figure_reads_are_told(tmp_path: Path, blobs: Blobs) -> None:
    whole = LIBRARY.text("sql/indicators.toml")
    indicators = "\n\n".join(part for part in whole.split("\n\n") if '"fee_line"' not in part)
    library = own_library(**{"sql/indicators.toml": indicators})
    assert not any("fee_line" in i.extracts for i in library.indicators.values())
    item = snapshot("fee_line", [{"quantity": 0}], blobs)
    for code in ("FEE-01", "FEE-02"):
        verdict = weighed(failed(RULES[code]), tmp_path, (item,), library=library)
        assert (verdict.impact, verdict.detail) == ((), NO_FIGURE)


@pytest.mark.parametrize(
    "changed",
    [{"status": Status.PASSED}, {"status": Status.NOT_EVALUATED}, {"category": Category.SUPERVISORY, "code": "T3-1"}],
)
def test_what_is_no_failed_rule_on_a_source_stays_as_it_is(
    changed: dict[str, Any], tmp_path: Path, blobs: Blobs
) -> None:
    item = snapshot("vehicle_transaction", [LATE], blobs)
    verdict = failed(RULES["VEH-01"], **changed)
    assert weighed(verdict, tmp_path, (item,)) is verdict


def test_verdicts_keep_their_order_and_each_query_is_asked_once_of_the_whole(
    tmp_path: Path, blobs: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: Counter[str] = Counter()
    ask = EmbeddedEngine.ask

    def counting(engine: EmbeddedEngine, sql: str, *, name: str, **rest: Any) -> Any:
        asked[name] += 1
        return ask(engine, sql, name=name, **rest)

    monkeypatch.setattr(EmbeddedEngine, "ask", counting)
    items = (snapshot("vehicle_transaction", [{}, LATE], blobs), snapshot("fee_line", [{"quantity": 0}, {}], blobs))
    codes = ["VEH-01", "FEE-01", "VEH-04", "VEH-02", "FEE-02"]
    verdicts = weigh(
        [failed(RULES[code]) for code in codes], Material(items, ()), LIBRARY, year=YEAR, body_name="甲",
        folder=tmp_path,
    )  # fmt: skip
    assert [verdict.code for verdict in verdicts] == codes
    # once as they are; again without the rows of each rule on rows
    assert asked == {
        "vehicles/vehicle_business.sql": 3, "fees/administrative_fees.sql": 2, "fees/processing_fees.sql": 2,
    }  # fmt: skip


def test_snapshots_stay_as_they_are(tmp_path: Path, blobs: Blobs) -> None:
    item = snapshot("vehicle_transaction", [{}, LATE], blobs)
    before = item.path.read_bytes()
    weighed(failed(RULES["VEH-01"]), tmp_path, (item,))
    assert item.path.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["blobs"]
