"""The vehicle and licence databases: stock of vehicles and licences, and the business done."""

import sqlite3
from dataclasses import dataclass
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
)
from tasks.demo.people import people, plates
from tasks.demo.plan import Plan
from tasks.demo.schema import DRIVINGLICENSE, DRV_FLOW, LICENCE_IDENTITY, VEH_FLOW, VEHICLE
from tasks.demo.tables import database, write_index, write_table
from tasks.demo.timeline import Events, Stock, draw_events, draw_stock

# a fifth of the business is not done while the citizen waits
_SLOW = 0.2
_PENDING = 0.3
_REUSED = 0.1

# plate classes of car, motorcycle, low-speed vehicle, trailer
_CLASSES: tuple[dict[str, float], ...] = (
    {"02": 860, "52": 96, "01": 34, "51": 5, "16": 3, "23": 2},
    {"07": 93, "08": 7},
    {"13": 1},
    {"15": 1},
)
# permitted vehicle classes of automobile and motorcycle drivers
_PERMITS: tuple[dict[str, float], ...] = (
    {
        "C1": 640, "C2": 95, "C1E": 90, "C1D": 45, "B2": 48, "A2": 22, "A1A2": 9, "A1A2D": 5,
        "A2E": 8, "A1": 7, "B1": 5, "B2E": 7, "A3": 3, "C3": 4, "C4": 3, "C5": 2, "C1M": 3,
        "A2M": 1, "M": 2, "C6": 1, "N": 0.3, "P": 0.3,
    },
    {"E": 55, "D": 41, "F": 4},
)  # fmt: skip
_LIVE = {"A": 90, "AG": 6, "AQ": 3, "AGQ": 1}
_ENDED = {"E": 60, "B": 26, "M": 8, "P": 4, "GM": 1, "QM": 1}
# licences have letters of their own: G is cancelled there and no open violation
_LIVE_LICENCE = {"A": 90, "H": 6, "M": 3, "HM": 1}
_ENDED_LICENCE = {"G": 60, "C": 26, "E": 8, "F": 4, "HG": 1, "R": 1}

# business codes behind each count of the plan, with the share of each
_VEHICLE_CODES: tuple[dict[str, float], ...] = (
    {"A": 1}, {"B": 1}, {"D": 1}, {"E": 1}, {"G": 1}, {"I": 1}, {"P": 1},
    {"K": 58, "L": 31, "C": 10, "S": 1},
)  # fmt: skip
_LICENCE_CODES: tuple[dict[str, float], ...] = (
    {"A": 9, "B": 1}, {"C": 7, "F": 3}, {"M": 1}, {"G": 1}, {"T": 1},
    {"S": 5, "X": 3, "D": 2},
)  # fmt: skip


def build_vehicles(plan: Plan, path: Path) -> None:
    """Write the database of vehicles, licences and the business about them.

    Args:
        plan: the counts wanted.
        path: the SQLite file to create.
    """
    with database(path) as connection:
        _write_vehicles(connection, plan)
        _write_licences(connection, plan)


def _write_vehicles(connection: sqlite3.Connection, plan: Plan) -> None:
    rng = generator(plan.seed, 11)
    group = "motor_vehicles"
    stock = draw_stock(rng, plan.yearly(group), plan.yearly("vehicle_arrivals"), group)
    size = len(stock.kind)
    classes = by_group(rng, stock.kind, _CLASSES, width=2)
    plate = plates(plan.plate_prefix, classes, _plate_numbers(rng, stock))
    owners = people(rng.integers(0, size, size) * 3 + 1)
    state, ended = _endings(rng, stock, live=_LIVE, over=_ENDED)
    number = join("36079901", digits(np.arange(1, size + 1), 6))
    write_table(connection, VEHICLE, [
        number, classes, plate, dates(stock.begun), state, ended, plan.plate_prefix, plan.office,
        owners.name, owners.identity, owners.phone,
    ])  # fmt: skip
    events = draw_events(rng, plan.yearly("vehicle_business"))
    codes = by_group(rng, events.group, _VEHICLE_CODES)
    order, times = _times(rng, events)
    rows = rng.integers(0, size, len(order))
    codes, who = codes[order], owners.take(rows)
    write_table(connection, VEH_FLOW, [
        times.serial, join(codes, " "), join(codes, " " * 7), classes[rows], plate[rows],
        times.applied, times.done, times.state, plan.office, who.name, who.identity, who.phone,
    ])  # fmt: skip


def _write_licences(connection: sqlite3.Connection, plan: Plan) -> None:
    rng = generator(plan.seed, 12)
    stock = draw_stock(rng, plan.yearly("drivers"), plan.yearly("licence_arrivals"), "drivers")
    size = len(stock.kind)
    holders = people(np.arange(size))
    permits = by_group(rng, stock.kind, _PERMITS, width=10)
    state, ended = _endings(rng, stock, live=_LIVE_LICENCE, over=_ENDED_LICENCE)
    number = join("3607", digits(np.arange(1, size + 1), 8))
    write_table(connection, DRIVINGLICENSE, [
        number, holders.identity, holders.name, holders.phone, permits, dates(stock.begun),
        state, ended,
    ])  # fmt: skip
    write_index(connection, LICENCE_IDENTITY)
    events = draw_events(rng, plan.yearly("licence_business"))
    codes = by_group(rng, events.group, _LICENCE_CODES)
    order, times = _times(rng, events)
    rows = rng.integers(0, size, len(order))
    who = holders.take(rows)
    write_table(connection, DRV_FLOW, [
        times.serial, join(codes[order], " "), permits[rows].astype("U8"),
        times.applied, times.done, times.state, plan.office, who.name, who.identity, who.phone,
    ])  # fmt: skip


@dataclass(frozen=True)
class _Times:
    serial: Texts
    applied: Texts
    done: list[str | None]
    state: Texts


def _times(rng: np.random.Generator, events: Events) -> tuple[Ints, _Times]:
    """When business was applied for and done, in the order of application, and that order."""
    size = len(events.moment)
    days = (rng.random(size) < _SLOW) * rng.integers(1, 6, size)
    applied = events.moment - rng.integers(5, 90, size) * 60 - days * DAY
    order = np.argsort(applied, kind="stable")
    pending = (~events.effective & (rng.random(size) < _PENDING))[order]
    state = np.where(events.effective[order], "2", np.where(pending, "1", "3"))
    day = np.char.replace(dates(applied[order] // DAY), "-", "").astype("U8")
    serial = join(digits(day.astype(np.int64) % 1_000_000, 6), digits(np.arange(1, size + 1), 7))
    done = blank_out(moments(events.moment[order]).tolist(), np.flatnonzero(pending))
    return order, _Times(serial, moments(applied[order]), done, state)


def _endings(
    rng: np.random.Generator, stock: Stock, *, live: dict[str, float], over: dict[str, float]
) -> tuple[Texts, list[str | None]]:
    """The padded state letters and the day of the end, if any."""
    size, left = len(stock.kind), stock.ended >= 0
    state = np.where(left, pick(rng, over, size, 6), pick(rng, live, size, 6))
    rows = np.flatnonzero(left)
    return state, spread(dates(stock.ended[rows]), rows, size)


def _plate_numbers(rng: np.random.Generator, stock: Stock) -> Ints:
    """A number for each row; the plate of a vehicle that left may be somebody else's by now."""
    size = len(stock.kind)
    own = np.arange(size)
    reused = (stock.ended >= 0) & (rng.random(size) < _REUSED)
    return np.where(reused, rng.integers(0, size, size), own)
