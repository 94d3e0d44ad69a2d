"""The databases of accident calls, penalties, compulsion and licensing decisions."""

import sqlite3
from pathlib import Path

import numpy as np
from sqlalchemy import Table

from tasks.demo.columns import DAY, Ints, Texts, dates, digits, generator, join, moments, pick
from tasks.demo.people import people, plates
from tasks.demo.plan import Plan
from tasks.demo.schema import ACD_CALL, VIO_FORCE, VIO_PENALTY, XZXK_DECISION
from tasks.demo.tables import database, write_table
from tasks.demo.timeline import Events, draw_events

# the incident platform keeps universal time
_BEIJING = 8 * 3600

_ITEMS = {"0101": 30, "0102": 26, "0103": 19, "0201": 12, "0202": 9, "0301": 4}
_PENALTIES = {"1": 20, "2": 74, "3": 4, "4": 2}
_COMPULSION = {"1": 48, "2": 22, "3": 12, "4": 11, "5": 7}


def build_incidents(plan: Plan, path: Path) -> None:
    """Write the database of calls, penalties and compulsion; its times are UTC.

    Args:
        plan: the counts wanted.
        path: the SQLite file to create.
    """
    with database(path) as connection:
        _write_calls(connection, plan)
        _write_penalties(connection, plan)
        _write_compulsion(connection, plan)


def build_licensing(plan: Plan, path: Path) -> None:
    """Write the database of licensing decisions; its times are Beijing time.

    Args:
        plan: the counts wanted.
        path: the SQLite file to create.
    """
    rng = generator(plan.seed, 24)
    events = draw_events(rng, plan.yearly("licensing_decisions"))
    size = len(events.moment)
    applicants = people(rng.integers(0, size, size) * 2)
    # fourteen characters in a field of twenty: the padding comes with every value
    number = join("XK", _year(events.moment), "-", digits(np.arange(1, size + 1), 7), " " * 6)
    with database(path) as connection:
        write_table(connection, XZXK_DECISION, [
            number, pick(rng, _ITEMS, size), moments(events.moment),
            pick(rng, {"1": 985, "2": 15}, size), np.where(events.effective, "1", "0"),
            applicants.name, applicants.identity,
        ])  # fmt: skip


def _write_calls(connection: sqlite3.Connection, plan: Plan) -> None:
    rng = generator(plan.seed, 21)
    received = {year: [plan.group(year, "incidents")["received"]] for year in plan.years}
    # calls for help and complaints beside the accident calls
    mixed = {year: [count, count // 3 + 2, count // 40 + 2] for year, [count] in received.items()}
    events = draw_events(rng, mixed, night=True)
    size = len(events.moment)
    channel = pick(rng, {"1": 40, "2": 38, "3": 14, "4": 8}, size)
    procedure = pick(rng, {"0": 60, "1": 38, "2": 2}, size)
    for year in plan.years:
        _fix_year(rng, plan, year, events, (channel, procedure))
    caller = people(rng.integers(0, size * 2, size))
    kind = np.array(["01", "02", "03"])[events.group]
    number = join(_compact_day(events.moment), digits(np.arange(1, size + 1), 8))
    write_table(connection, ACD_CALL, [
        number, moments(events.moment - _BEIJING), kind, channel, procedure,
        np.where(events.effective, "1", "9"), caller.name, caller.phone,
    ])  # fmt: skip


def _fix_year(rng: np.random.Generator, plan: Plan, year: int, events: Events, columns: tuple[Texts, Texts]) -> None:
    """Give the accident calls of one year exactly the planned channels and procedures."""
    channel, procedure = columns
    wanted = plan.group(year, "incidents")
    inside = _year(events.moment) == str(year)
    rows = rng.permutation(np.flatnonzero(inside & events.effective & (events.group == 0)))
    ordinary, summary = wanted["ordinary_procedure"], wanted["summary_procedure"]
    procedure[rows] = "0"
    procedure[rows[:ordinary]] = "2"
    procedure[rows[ordinary : ordinary + summary]] = "1"
    channel[rows] = pick(rng, {"1": 46, "2": 45, "4": 9}, len(rows))
    # nobody settles by the app what needs the ordinary procedure
    channel[rng.permutation(rows[ordinary:])[: wanted["by_app"]]] = "3"


def _write_penalties(connection: sqlite3.Connection, plan: Plan) -> None:
    rng = generator(plan.seed, 22)
    totals = plan.yearly("penalty_decisions")
    # the second group are detentions: in force, but not decided by this body
    events = draw_events(rng, {year: [n, n // 30 + 2] for year, [n] in totals.items()}, night=True)
    kind = pick(rng, _PENALTIES, len(events.moment))
    kind[events.group == 1] = "5"
    _write_decisions(connection, VIO_PENALTY, plan, rng=rng, events=events, kind=kind)


def _write_compulsion(connection: sqlite3.Connection, plan: Plan) -> None:
    rng = generator(plan.seed, 23)
    events = draw_events(rng, plan.yearly("compulsion_measures"), night=True)
    kind = pick(rng, _COMPULSION, len(events.moment))
    _write_decisions(connection, VIO_FORCE, plan, rng=rng, events=events, kind=kind)


def _write_decisions(
    connection: sqlite3.Connection, table: Table, plan: Plan, *, rng: np.random.Generator, events: Events, kind: Texts
) -> None:
    size = len(events.moment)
    party = people(rng.integers(0, size * 2, size))
    classes = pick(rng, {"02": 70, "07": 24, "52": 6}, size)
    plate = plates(plan.plate_prefix, classes, rng.integers(0, 300_000, size))
    number = join("3607", _year(events.moment), digits(np.arange(1, size + 1), 7))
    write_table(connection, table, [
        number, moments(events.moment - _BEIJING), kind, np.where(events.effective, "1", "0"),
        party.name, party.identity, plate,
    ])  # fmt: skip


def _year(seconds: Ints) -> Texts:
    return dates(seconds // DAY).astype("U4")


def _compact_day(seconds: Ints) -> Texts:
    return np.char.replace(dates(seconds // DAY), "-", "").astype("U8")
