"""Who works or worked on which report: attempts, their steps, how they ended; and the lease that lets one in at a time.

An attempt renews its lease while it lives. One whose lease has run out, or whose process is gone, has crashed; whoever
comes next notes that and takes over.
"""

import os
import socket
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from tasks.store.database import reading, writing
from tasks.store.records import StepRecord
from tasks.store.tables_operations import attempt, attempt_end, attempt_step, lease
from yearbook.errors import Refusal
from yearbook.period import BEIJING

Purpose = Literal["report", "rehearsal", "trial"]
EndState = Literal[
    "published", "awaiting", "blocked", "unexplained", "rehearsed", "tried", "refused", "failed", "crashed"
]

BEAT_SECONDS = 20
LEASE_SECONDS = 180
"""A lease that was not renewed for so long has run out; a crash is therefore seen within three minutes."""

STATE_WORDS: dict[str, str] = {
    "running": "正在运行",
    "published": "已发布",
    "awaiting": "等待审核",
    "blocked": "有致命发现，未发布",
    "unexplained": "待更正说明",
    "rehearsed": "演练完成",
    "tried": "试运行完成",
    "refused": "被拒绝",
    "failed": "出错",
    "crashed": "中断",
}
"""How an attempt stands, in words."""


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """An attempt and how it stands.

    Attributes:
        id: Number of the attempt.
        body: Code of the body.
        year: Report year.
        purpose: ``report``, ``rehearsal`` or ``trial`` (a dry run).
        operator: Who started it.
        host: Machine it ran on.
        process: Process number there.
        started_at: When.
        flow_run: The scheduler's identifier of the run; empty where it keeps none.
        resumes: Attempt it goes on from, or None.
        state: How it ended; ``running``, or ``crashed`` also where nobody has noted it yet.
        ended_at: When; None while it runs, and for a crash nobody has noted.
        run_id: The run it committed, or None.
        words: Why it ended so.
    """

    id: int
    body: str
    year: int
    purpose: Purpose
    operator: str
    host: str
    process: int
    started_at: datetime
    flow_run: str
    resumes: int | None
    state: str
    ended_at: datetime | None
    run_id: int | None
    words: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of an attempt, as the journal keeps it."""

    position: int
    name: str
    ended_at: datetime
    seconds: float
    row_count: int | None
    findings: int | None
    peak_memory_mb: int | None


class Journal:
    """What is under way and what was."""

    def __init__(self, engine: sa.Engine) -> None:
        """Use ``Store.journal``."""
        self._engine = engine

    def begin(
        self,
        body: str,
        year: int,
        *,
        purpose: Purpose,
        operator: str,
        at: datetime,
        flow_run: str = "",
        resumes: int | None = None,
    ) -> int:
        """Begin an attempt and take the lease of its report.

        Returns:
            Number of the attempt.

        Raises:
            Refusal: Somebody else holds the lease; it says who and since when.
        """
        with writing(self._engine) as connection:
            _take_over(connection, body, year, at)
            row = {
                "body": body,
                "year": year,
                "purpose": purpose,
                "operator": operator,
                "host": socket.gethostname(),
                "process": os.getpid(),
                "started_at": at,
                "flow_run": flow_run,
                "resumes": resumes,
            }
            begun: int = connection.execute(sa.insert(attempt).values(row).returning(attempt.c.id)).scalar_one()
            held = {"body": body, "year": year, "attempt_id": begun, "beat_at": at}
            connection.execute(sa.insert(lease).values(held))
            return begun

    def beat(self, attempt_id: int, at: datetime) -> bool:
        """Renew the lease; False where another attempt has taken over."""
        with writing(self._engine) as connection:
            renewed = sa.update(lease).where(lease.c.attempt_id == attempt_id).values(beat_at=at)
            return connection.execute(renewed).rowcount == 1

    def step(self, attempt_id: int, position: int, step: StepRecord, at: datetime) -> None:
        """Note a step that has ended."""
        row = asdict(step) | {"attempt_id": attempt_id, "position": position, "ended_at": at}
        with writing(self._engine) as connection:
            connection.execute(sa.insert(attempt_step).values(row))

    def end(
        self, attempt_id: int, state: EndState, *, at: datetime, run_id: int | None = None, words: str = ""
    ) -> None:
        """Note how an attempt ended and give the lease back; an attempt that was taken over has ended already."""
        with writing(self._engine) as connection:
            known = sa.select(attempt_end.c.state).where(attempt_end.c.attempt_id == attempt_id)
            if connection.execute(known).one_or_none() is not None:
                return
            _end(connection, attempt_id, state, at, run_id, words)

    def attempts(self, body: str, year: int | None, *, now: datetime, limit: int = 50) -> tuple[AttemptRow, ...]:
        """Return the attempts of a report, or of every year of a body, newest first."""
        query = _attempts().where(attempt.c.body == body)
        if year is not None:
            query = query.where(attempt.c.year == year)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(attempt.c.id.desc()).limit(limit)).mappings().all()
        return tuple(_row(row, now) for row in rows)

    def attempt(self, attempt_id: int, *, now: datetime) -> AttemptRow | None:
        """Return one attempt, or None."""
        with reading(self._engine) as connection:
            row = connection.execute(_attempts().where(attempt.c.id == attempt_id)).mappings().one_or_none()
        return None if row is None else _row(row, now)

    def steps(self, attempt_id: int) -> tuple[StepRow, ...]:
        """Return the steps of an attempt in order."""
        names = [column.name for column in attempt_step.columns if column.name != "attempt_id"]
        query = sa.select(*(attempt_step.c[name] for name in names)).where(attempt_step.c.attempt_id == attempt_id)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(attempt_step.c.position)).mappings().all()
        return tuple(StepRow(**row) for row in rows)

    def note_crashes(self, now: datetime) -> tuple[AttemptRow, ...]:
        """Note every attempt whose lease has run out as crashed, and return those noted."""
        with writing(self._engine) as connection:
            rows = connection.execute(_attempts().where(lease.c.attempt_id.is_not(None))).mappings().all()
            dead = [_row(row, now) for row in rows if not _alive(row, now)]
            for one in dead:
                _end(connection, one.id, "crashed", now, None, _crash_words(one))
        return tuple(dead)


def require_lease(connection: sa.Connection, attempt_id: int) -> None:
    """Refuse to commit for an attempt that another one has replaced.

    Raises:
        Refusal: The lease is another attempt's.
    """
    if connection.execute(sa.select(lease.c.attempt_id).where(lease.c.attempt_id == attempt_id)).one_or_none() is None:
        raise Refusal(
            f"第 {attempt_id} 次尝试中断过久，已被别的尝试接替，本次结果不存档",
            todo="用 yearbook status 查看接替它的尝试",
        )


def _take_over(connection: sa.Connection, body: str, year: int, now: datetime) -> None:
    row = connection.execute(_attempts().where(lease.c.body == body, lease.c.year == year)).mappings().one_or_none()
    if row is None:
        return
    held = _row(row, now)
    if _alive(row, now):
        since = held.started_at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
        raise Refusal(
            f"{held.operator} 自 {since} 起正在 {held.host} 上运行 {body} {year} 年的报告（第 {held.id} 次尝试）",
            todo=f"等它结束；用 yearbook status {body} {year} 查看进度",
        )
    _end(connection, held.id, "crashed", now, None, _crash_words(held))


def _crash_words(row: AttemptRow) -> str:
    return f"{row.host} 上的进程 {row.process} 没有结束就不在了"


def _end(connection: sa.Connection, attempt_id: int, state: str, at: datetime, run_id: int | None, words: str) -> None:
    row = {"attempt_id": attempt_id, "state": state, "ended_at": at, "run_id": run_id, "words": words}
    connection.execute(sa.insert(attempt_end).values(row))
    connection.execute(sa.delete(lease).where(lease.c.attempt_id == attempt_id))


def _attempts() -> sa.Select[Any]:
    ends = (attempt_end.c[name] for name in ("state", "ended_at", "run_id", "words"))
    joined = attempt.outerjoin(attempt_end, attempt_end.c.attempt_id == attempt.c.id)
    joined = joined.outerjoin(lease, lease.c.attempt_id == attempt.c.id)
    return sa.select(attempt, *ends, lease.c.beat_at).select_from(joined)


def _row(row: Any, now: datetime) -> AttemptRow:
    state = row["state"] or ("running" if _alive(row, now) else "crashed")
    values = {name: row[name] for name in row if name != "beat_at"}
    return AttemptRow(**values | {"state": state, "words": row["words"] or ""})


def _alive(row: Any, now: datetime) -> bool:
    if row["beat_at"] is None or now - row["beat_at"] > timedelta(seconds=LEASE_SECONDS):
        return False
    # on this machine the kernel knows; elsewhere only the lease does
    return row["host"] != socket.gethostname() or _exists(row["process"])


def _exists(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
