"""Findings are kept with every run, decisions beside them; nothing of it is ever changed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command

from tasks.record import finding_records, verdict_record
from tasks.store import RunRecord, Store
from tasks.store.database import create_file, open_engine, reading, writing
from tasks.store.findings import OLDER, Found
from tasks.store.migrate import configuration
from tasks.store.tables import HEAD, VERSION_TABLE, metadata
from yearbook.errors import Refusal
from yearbook.findings import Choice, fingerprint, value_digest
from yearbook.verdict import Category, Impact, Severity, Status, Verdict

BEGAN = datetime(2024, 1, 8, 1, 30, tzinfo=UTC)
FAILED = Verdict(
    code="VEH-61",
    say="每辆车都有状态。",
    say_en="Every vehicle has a status.",
    category=Category.SOURCE,
    severity=Severity.WARNING,
    status=Status.FAILED,
    source="vehicles",
    extract="vehicle_register",
    base=True,
    place="vehicles.vehicle_register，列 status（上年基数）",
    evaluated=4_000_000_711,
    failed=13,
    expected="0 行",
    found="13 行",
    difference="13",
    do="补录。",
    owner="车管所",
    figures=("motor_vehicles.total", "motor_vehicles.car"),
    detail="说明 “引号”",
    rows=("ab" * 8, "cd" * 8),
    impact=(
        Impact("motor_vehicles.total", "机动车", "辆", base=True, counted="70.10", without=None, difference=None),
        Impact("motor_vehicles.car", "汽车", "辆", base=False, counted="62", without="59", difference="-3"),
    ),
)
PASSED = replace(FAILED, code="VEH-60", status=Status.PASSED, failed=0)
ELSEWHERE = replace(FAILED, place="别处", failed=17, base=False)
UNJUDGED = replace(FAILED, code="B-71", status=Status.NOT_EVALUATED, severity=Severity.FATAL, impact=(), rows=())


def keep(store: Store, *verdicts: Verdict, body: str = "demo", year: int = 2023, day: int = 0) -> int:
    began = BEGAN + timedelta(days=day)
    return store.commit(
        RunRecord(
            key="ab" * 32,
            body=body,
            year=year,
            state="blocked",
            started_at=began,
            finished_at=began + timedelta(seconds=9),
            code_version="0.1.0",
            operator="经办人",
            verdicts=tuple(verdict_record(verdict) for verdict in verdicts),
            findings=finding_records(verdicts, body=body, year=year),
        )
    )


def decide(store: Store, code: str, place: str | None = None, **changes: object) -> object:
    chosen = {"choice": Choice.JUSTIFIED, "reason": "理由", "name": "张三", "at": BEGAN} | changes
    return store.findings.decide("demo", 2023, code, place, **chosen)  # type: ignore[arg-type]


def test_findings_are_read_back_as_they_were_judged(tmp_path: Path, url: str | None) -> None:
    store = Store.open(tmp_path, url)
    run = keep(store, PASSED, FAILED, UNJUDGED, ELSEWHERE)
    assert store.findings.of(run) == tuple(
        Found(fingerprint("demo", 2023, verdict), value_digest(verdict), verdict)
        for verdict in (FAILED, UNJUDGED, ELSEWHERE)
    )
    assert store.findings.of(run + 1) == ()
    assert store.findings.of(keep(store, PASSED)) == ()


def test_history_runs_through_runs_and_years(tmp_path: Path, url: str | None) -> None:
    store = Store.open(tmp_path, url)
    better = replace(FAILED, status=Status.PASSED, failed=0, found="0 行", difference="0")
    runs = [
        keep(store, FAILED, UNJUDGED, year=2022),
        keep(store, ELSEWHERE, body="yunlu", day=1),
        keep(store, FAILED, ELSEWHERE, day=2),
        keep(store, PASSED, better, day=3),
    ]
    told = [
        (one.run, one.year, one.place, one.failed, one.status) for one in store.findings.history("demo", ["VEH-61"])
    ]
    assert told == [
        (runs[0], 2022, FAILED.place, 13, Status.FAILED),
        (runs[2], 2023, FAILED.place, 13, Status.FAILED),
        (runs[2], 2023, "别处", 17, Status.FAILED),
        (runs[3], 2023, FAILED.place, 0, Status.PASSED),
    ]
    every = store.findings.history("demo")
    assert {one.code for one in every} == {"VEH-60", "VEH-61", "B-71"}
    last = every[-1]
    assert (last.at, last.evaluated, last.expected, last.found, last.difference) == (
        BEGAN + timedelta(days=3), 4_000_000_711, "0 行", "0 行", "0",
    )  # fmt: skip
    assert store.findings.history("demo", []) == ()
    assert store.findings.history("nobody") == ()


def test_a_decision_is_recorded_with_what_it_is_about(tmp_path: Path, url: str | None) -> None:
    store = Store.open(tmp_path, url)
    keep(store, replace(FAILED, failed=99))
    run = keep(store, FAILED, UNJUDGED)
    keep(store, ELSEWHERE, year=2024)
    keep(store, ELSEWHERE, body="yunlu")
    decision = decide(store, "VEH-61", name="李四", reason="“含”=1+1", choice=Choice.FIXED)
    again = decide(store, "VEH-61", FAILED.place, choice=Choice.ACCEPTED)
    assert store.findings.decisions("demo", 2023) == (decision, again)
    assert store.findings.decisions("demo", 2024) == ()
    first = store.findings.decisions("demo", 2023)[0]
    assert (first.fingerprint, first.value, first.run) == (
        fingerprint("demo", 2023, FAILED), value_digest(FAILED), run,
    )  # fmt: skip
    assert (first.choice, first.name, first.reason, first.place) == (Choice.FIXED, "李四", "“含”=1+1", FAILED.place)
    assert (first.decided_at, first.decided_at.tzinfo) == (BEGAN, UTC)


@pytest.mark.parametrize(
    ("code", "place", "words"),
    [
        ("VEH-99", None, "没有规则 VEH-99 的发现"),
        ("VEH-60", None, "没有规则 VEH-60 的发现"),
        ("B-71", "别处", f"该位置没有发现。处理办法：把 --place 改为其中之一：{UNJUDGED.place}"),
        ("VEH-61", None, f"有 2 条发现，须指明是哪一条。处理办法：用 --place 指明位置：{FAILED.place}；别处"),
        ("VEH-62", "别处", "同一位置有 2 条发现，无法区分"),
    ],
)
def test_a_decision_about_nothing_or_several_is_refused(
    code: str, place: str | None, words: str, tmp_path: Path
) -> None:
    store = Store.open(tmp_path)
    twin = replace(ELSEWHERE, code="VEH-62")
    keep(store, PASSED, FAILED, ELSEWHERE, UNJUDGED, twin, replace(twin, failed=18))
    with pytest.raises(Refusal) as caught:
        decide(store, code, place)
    assert words in str(caught.value)
    assert store.findings.decisions("demo", 2023) == ()


def test_only_the_newest_run_is_decided_about(tmp_path: Path, url: str | None) -> None:
    store = Store.open(tmp_path, url)
    with pytest.raises(Refusal, match="没有规则 VEH-61 的发现"):
        decide(store, "VEH-61")
    keep(store, FAILED)
    keep(store, PASSED)
    keep(store, FAILED, year=2022)
    with pytest.raises(Refusal, match="没有规则 VEH-61 的发现"):
        decide(store, "VEH-61")


def test_a_decision_is_one_of_three(tmp_path: Path, url: str | None) -> None:
    store = Store.open(tmp_path, url)
    keep(store, FAILED)
    good = decide(store, "VEH-61")
    table = metadata.tables["decision"]
    with reading(open_engine(tmp_path, url)) as connection:
        row = dict(connection.execute(sa.select(table)).mappings().one())
    for change in ({"decision": "ignored"}, {"fingerprint": "ab"}, {"value": "ab"}, {"run_id": 99}):
        with pytest.raises(sa.exc.IntegrityError), writing(open_engine(tmp_path, url)) as connection:
            connection.execute(sa.insert(table), {**row, "id": 2, **change})
    assert store.findings.decisions("demo", 2023) == (good,)


LATER = {"finding", "decision", "correction", "submission", "approval", "notice", "delivery", "lease"} | {
    "attempt",
    "attempt_step",
    "attempt_end",
}


def test_a_store_of_the_first_revision_keeps_its_rows(tmp_path: Path, url: str | None) -> None:
    """The upgrade adds; what an earlier program recorded is still there, protected, and told as far as it goes."""
    engine = open_engine(tmp_path, url)
    if url is None:
        create_file(engine.url)
    with writing(engine) as connection:
        command.upgrade(configuration(connection), "0001")
        early = {table.name for table in metadata.sorted_tables if table.name not in LATER}
        assert set(sa.inspect(connection).get_table_names()) - {VERSION_TABLE} == early
        run = {
            "key": "ab" * 32, "body": "demo", "year": 2023, "state": "blocked", "started_at": BEGAN,
            "finished_at": BEGAN, "code_version": "0.1.0", "operator": "经办人", "versions": {},
        }  # fmt: skip
        run_id = connection.execute(sa.insert(metadata.tables["run"]).values(run)).inserted_primary_key[0]
        for position, verdict in enumerate((PASSED, FAILED), 1):
            values = {"run_id": run_id, "position": position, "code": verdict.code, "source": verdict.source}
            values |= {"severity": verdict.severity.value, "status": verdict.status.value}
            values |= {name: getattr(verdict, name) for name in ("evaluated", "failed", "place", "expected", "found")}
            connection.execute(sa.insert(metadata.tables["verdict"]), values | {"difference": verdict.difference})
    store = Store.open(tmp_path, url)
    with reading(engine) as connection:
        assert connection.execute(sa.text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar() == HEAD
    [found] = store.findings.of(run_id)
    assert (found.fingerprint, found.value) == (fingerprint("demo", 2023, FAILED), value_digest(FAILED))
    bare = found.verdict
    assert (bare.code, bare.place, bare.failed, bare.found) == ("VEH-61", FAILED.place, 13, "13 行")
    assert (bare.say, bare.detail, bare.impact) == ("", OLDER, ())
    assert [one.run for one in store.findings.history("demo", ["VEH-61"])] == [run_id]
    assert decide(store, "VEH-61") == store.findings.decisions("demo", 2023)[0]
    for attempt in ("DELETE FROM verdict", "UPDATE run SET year = 2022", "DELETE FROM decision"):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), engine.begin() as connection:
            connection.exec_driver_sql(attempt)
    assert keep(store, FAILED) > run_id
