"""The database of market supervision: entities on the register, registrations, complaints and reports."""

import sqlite3
from pathlib import Path

import numpy as np

from tasks.demo.columns import (
    DAY,
    Ints,
    Texts,
    blank_out,
    by_group,
    dates,
    digits,
    generator,
    join,
    moments,
    pick,
    spread,
    year_start,
)
from tasks.demo.people import people
from tasks.demo.plan import Plan
from tasks.demo.schema import DJYW_FLOW, SCZT_ENTITY, TSJB_RECORD
from tasks.demo.tables import database, write_table
from tasks.demo.timeline import Events, draw_events, draw_stock

# kinds of enterprise, individual business, cooperative
_ENTITIES: tuple[dict[str, float], ...] = (
    {"11": 780, "12": 20, "13": 5, "14": 60, "15": 25, "16": 105, "17": 5},
    {"21": 1},
    {"31": 94, "32": 1, "33": 5},
)
# business codes behind each count of the plan, with the share of each
_BUSINESS: tuple[dict[str, float], ...] = (
    {"10": 1}, {"20": 94, "21": 6}, {"30": 35, "31": 65}, {"40": 88, "41": 12}, {"50": 31, "60": 69},
)  # fmt: skip
_LIVE, _ENDED = {"1": 98, "2": 2}, {"3": 88, "4": 11, "5": 1}
_CHANNELS = {"1": 44, "2": 41, "3": 9, "4": 6}
# representative offices of foreign companies stand in the register and are no market entities
_OFFICES = 3
_WIDTH = 4
_QUESTIONS = 2


def build_market(plan: Plan, path: Path) -> None:
    """Write the database of entities, registrations, complaints and reports; its times are Beijing time.

    Args:
        plan: the counts wanted.
        path: the SQLite file to create.
    """
    with database(path) as connection:
        _write_entities(connection, plan)
        _write_registrations(connection, plan)
        _write_complaints(connection, plan)


def _write_entities(connection: sqlite3.Connection, plan: Plan) -> None:
    rng = generator(plan.seed, 41)
    group = "market_entities"
    stock = draw_stock(rng, plan.yearly(group), plan.yearly("entity_arrivals"), group)
    size, left = len(stock.kind), np.flatnonzero(stock.ended >= 0)
    kind = by_group(rng, stock.kind, _ENTITIES, _WIDTH)
    # offices take the place of entities that left before the years of the plan, so they move no count
    gone = np.flatnonzero((stock.ended >= 0) & (stock.ended < year_start(plan.years[0])))
    kind[gone[:_OFFICES]] = "41".ljust(_WIDTH)
    status = pick(rng, _LIVE, size)
    status[left] = pick(rng, _ENDED, len(left))
    holders = people(rng.integers(0, size * 2, size))
    number = join("9", plan.region, "00MA", digits(np.arange(1, size + 1), 9))
    write_table(connection, SCZT_ENTITY, [
        number, kind, dates(stock.begun), status, spread(dates(stock.ended[left]), left, size),
        holders.name, holders.identity, holders.phone,
    ])  # fmt: skip


def _write_registrations(connection: sqlite3.Connection, plan: Plan) -> None:
    rng = generator(plan.seed, 42)
    events = draw_events(rng, plan.yearly("registration_business"))
    size = len(events.moment)
    applied = events.moment - rng.integers(10, 400, size) * 60 - rng.integers(0, 3, size) * DAY
    entity = pick(rng, {"11": 37, "16": 4, "21": 55, "31": 4}, size, _WIDTH)
    who = people(rng.integers(0, size * 2, size))
    write_table(connection, DJYW_FLOW, [
        join("DJ", _year(events.moment), digits(np.arange(1, size + 1), 7)),
        by_group(rng, events.group, _BUSINESS, _WIDTH),
        entity, moments(applied), moments(events.moment), np.where(events.effective, "2", "3"), who.name, who.phone,
    ])  # fmt: skip


def _write_complaints(connection: sqlite3.Connection, plan: Plan) -> None:
    rng = generator(plan.seed, 43)
    taken = {year: plan.group(year, "complaints") for year in plan.years}
    # the third group are questions, which are neither complaint nor report
    groups = {year: [n["complaint"], n["report"], n["report"] // 9 + 2] for year, n in taken.items()}
    events = draw_events(rng, groups)
    size = len(events.moment)
    concluded = events.moment + rng.integers(1, 45, size) * DAY
    status = np.where(events.effective, "2", "9")
    for year in plan.years:
        _conclude(rng, events, year, taken[year]["concluded"], (concluded, status))
    open_ = np.flatnonzero(status != "2")
    who = people(rng.integers(0, size * 2, size))
    write_table(connection, TSJB_RECORD, [
        join(np.char.replace(dates(events.moment // DAY), "-", "").astype("U8"), digits(np.arange(1, size + 1), 8)),
        moments(events.moment), np.array(["1", "2", "3"])[events.group], pick(rng, _CHANNELS, size), status,
        blank_out(moments(concluded).tolist(), open_), who.name, who.phone,
    ])  # fmt: skip


def _conclude(rng: np.random.Generator, events: Events, year: int, wanted: int, columns: tuple[Ints, Texts]) -> None:
    """Have exactly the planned number of a year's complaints and reports concluded before it ends.

    Of the others, every second is concluded after the year and every second is still open.
    """
    concluded, status = columns
    rows = np.flatnonzero((_year(events.moment) == str(year)) & events.effective & (events.group != _QUESTIONS))
    after = int(np.datetime64(f"{year + 1}-01-01", "s").astype(np.int64))
    # the latest of a year stay open: there was no time left for them
    late = rows[wanted:]
    early = rows[:wanted]
    concluded[early] = np.minimum(concluded[early], np.maximum(events.moment[early], after - 1))
    concluded[late] = after + rng.integers(0, 20 * DAY, len(late))
    status[late[::2]] = "1"


def _year(seconds: Ints) -> Texts:
    return dates(seconds // DAY).astype("U4")
