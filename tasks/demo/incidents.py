"""The database of accident calls."""

import sqlite3
from pathlib import Path

import numpy as np

from tasks.demo.columns import DAY, Ints, Texts, dates, digits, generator, join, moments, pick
from tasks.demo.people import people
from tasks.demo.plan import Plan
from tasks.demo.schema import ACD_CALL
from tasks.demo.tables import database, write_table
from tasks.demo.timeline import Events, draw_events

# the incident platform keeps universal time
_BEIJING = 8 * 3600


def build_incidents(plan: Plan, path: Path) -> None:
    """Write the database of calls; its times are UTC.

    Args:
        plan: the counts wanted.
        path: the SQLite file to create.
    """
    with database(path) as connection:
        _write_calls(connection, plan)


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


def _year(seconds: Ints) -> Texts:
    return dates(seconds // DAY).astype("U4")


def _compact_day(seconds: Ints) -> Texts:
    return np.char.replace(dates(seconds // DAY), "-", "").astype("U8")
