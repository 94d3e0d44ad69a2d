"""Notices that went out, and how each channel took them.

A notice and the debt to every channel are one transaction: whatever happens after it, the notice is told once and every
channel gets it in the end. The newest delivery of a channel says how it stands.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa

from tasks.store.database import reading, writing
from tasks.store.tables_operations import delivery, notice
from yearbook.notice import Event, Notice

DeliveryState = Literal["sent", "failed"]

DUE = "待发"
GRACE_SECONDS = 300
"""Somebody who has just noted a debt is about to pay it; after this he is taken to be gone."""
KEPT_DAYS = 7
"""What did not get through for so long is no news any more."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt at one channel.

    Attributes:
        notice_id: The notice.
        channel: The channel, without address or token.
        state: ``sent`` or ``failed``.
        at: When.
        words: Why it failed; empty where it was sent.
    """

    notice_id: int
    channel: str
    state: DeliveryState
    at: datetime
    words: str


class Notices:
    """What people were told."""

    def __init__(self, engine: sa.Engine) -> None:
        """Use ``Store.notices``."""
        self._engine = engine

    def add(self, told: Notice, channels: Iterable[str], at: datetime) -> int | None:
        """Keep a notice and that every channel is to get it; None where its mark is known, so it was told before."""
        with writing(self._engine) as connection:
            if connection.execute(sa.select(notice.c.id).where(notice.c.mark == told.mark)).one_or_none() is not None:
                return None
            row = {
                "mark": told.mark,
                "body": told.body,
                "year": told.year,
                "event": told.event.value,
                "subject": told.subject,
                "text": told.text,
                "told_at": at,
            }
            number: int = connection.execute(sa.insert(notice).values(row).returning(notice.c.id)).scalar_one()
            for channel in channels:
                debt = {"notice_id": number, "channel": channel, "state": "failed", "at": at, "words": DUE}
                connection.execute(sa.insert(delivery).values(debt))
            return number

    def note(self, done: Delivery) -> None:
        """Note how a channel took a notice."""
        row = {name: getattr(done, name) for name in ("notice_id", "channel", "state", "at", "words")}
        with writing(self._engine) as connection:
            connection.execute(sa.insert(delivery).values(row))

    def pending(self, body: str, at: datetime) -> tuple[tuple[int, Notice, str], ...]:
        """Return what channels have not taken yet, oldest first: the notice's number, the notice, the channel."""
        since, gone = at - timedelta(days=KEPT_DAYS), at - timedelta(seconds=GRACE_SECONDS)
        newest = sa.select(sa.func.max(delivery.c.id)).group_by(delivery.c.notice_id, delivery.c.channel)
        query = sa.select(notice, delivery.c.channel).join(delivery, delivery.c.notice_id == notice.c.id)
        query = query.where(delivery.c.id.in_(newest), delivery.c.state == "failed")
        query = query.where(notice.c.body == body, notice.c.told_at >= since)
        query = query.where(sa.or_(delivery.c.words != DUE, delivery.c.at <= gone))
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(delivery.c.id)).all()
        return tuple((row.id, _notice(row), row.channel) for row in rows)

    def of(self, body: str) -> tuple[tuple[int, Notice], ...]:
        """Return every notice about a body, oldest first."""
        query = sa.select(notice).where(notice.c.body == body).order_by(notice.c.id)
        with reading(self._engine) as connection:
            return tuple((row.id, _notice(row)) for row in connection.execute(query))

    def deliveries(self, notice_id: int) -> tuple[Delivery, ...]:
        """Return every attempt at every channel, oldest first."""
        names = ("notice_id", "channel", "state", "at", "words")
        query = sa.select(*(delivery.c[name] for name in names)).where(delivery.c.notice_id == notice_id)
        with reading(self._engine) as connection:
            return tuple(Delivery(**row) for row in connection.execute(query.order_by(delivery.c.id)).mappings())


def _notice(row: sa.Row[tuple[object, ...]]) -> Notice:
    return Notice(row.mark, row.body, row.year, Event(row.event), row.subject, row.text)
