"""The databases of decisions that every body takes: penalties, compulsion, licensing."""

import sqlite3
from pathlib import Path

import numpy as np
from sqlalchemy import Table

from tasks.demo.columns import DAY, Ints, Texts, dates, digits, generator, join, moments, pick
from tasks.demo.people import people
from tasks.demo.plan import MARKET_SUPERVISION, TRAFFIC_POLICE, Plan
from tasks.demo.schema import XZCF_DECISION, XZQZ_MEASURE, XZXK_DECISION
from tasks.demo.tables import database, write_table
from tasks.demo.timeline import Events, draw_events

# the enforcement platform keeps universal time
_BEIJING = 8 * 3600

_ITEMS = {"0101": 30, "0102": 26, "0103": 19, "0201": 12, "0202": 9, "0301": 4}
_PENALTIES = {
    TRAFFIC_POLICE: {"1": 20, "2": 74, "3": 4, "4": 2},
    MARKET_SUPERVISION: {"1": 17, "2": 52, "6": 24, "7": 4, "8": 3},
}
_COMPULSION = {
    TRAFFIC_POLICE: {"1": 48, "2": 22, "3": 12, "4": 11, "5": 7},
    MARKET_SUPERVISION: {"6": 37, "7": 63},
}


def build_enforcement(plan: Plan, path: Path) -> None:
    """Write the database of penalties and compulsion; its times are UTC.

    Args:
        plan: the counts wanted.
        path: the SQLite file to create.
    """
    with database(path) as connection:
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


def _write_penalties(connection: sqlite3.Connection, plan: Plan) -> None:
    rng = generator(plan.seed, 22)
    totals = plan.yearly("penalty_decisions")
    if plan.kind == MARKET_SUPERVISION:
        events = draw_events(rng, totals)
        kind = pick(rng, _PENALTIES[plan.kind], len(events.moment))
    else:
        # the second group are detentions: in force, but not decided by this body
        events = draw_events(rng, {year: [n, n // 30 + 2] for year, [n] in totals.items()}, night=True)
        kind = pick(rng, _PENALTIES[plan.kind], len(events.moment))
        kind[events.group == 1] = "5"
    _write_decisions(connection, XZCF_DECISION, plan, rng=rng, events=events, kind=kind)


def _write_compulsion(connection: sqlite3.Connection, plan: Plan) -> None:
    rng = generator(plan.seed, 23)
    events = draw_events(rng, plan.yearly("compulsion_measures"), night=plan.kind != MARKET_SUPERVISION)
    kind = pick(rng, _COMPULSION[plan.kind], len(events.moment))
    _write_decisions(connection, XZQZ_MEASURE, plan, rng=rng, events=events, kind=kind)


def _write_decisions(
    connection: sqlite3.Connection, table: Table, plan: Plan, *, rng: np.random.Generator, events: Events, kind: Texts
) -> None:
    size = len(events.moment)
    party = people(rng.integers(0, size * 2, size))
    number = join(plan.region, _year(events.moment), digits(np.arange(1, size + 1), 7))
    write_table(connection, table, [
        number, moments(events.moment - _BEIJING), kind, np.where(events.effective, "1", "0"),
        party.name, party.identity,
    ])  # fmt: skip


def _year(seconds: Ints) -> Texts:
    return dates(seconds // DAY).astype("U4")
