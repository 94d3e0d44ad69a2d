"""Brings the evidence database to the newest revision; does next to nothing when it is there."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from tasks.store.database import create_file, reading, refusing, revision_of
from tasks.store.tables import HEAD


def bring_up_to_date(engine: sa.Engine) -> None:
    """Create or migrate the tables where that is needed.

    Args:
        engine: The evidence database.

    Raises:
        Refusal: The database is unreachable, or newer than this software.
    """
    sqlite = engine.dialect.name == "sqlite"
    if sqlite and not Path(engine.url.database or "").exists():
        create_file(engine.url)
    with reading(engine) as connection:
        if revision_of(connection) == HEAD:
            return
    if not sqlite:
        _migrate(engine)
        return
    with _alone(engine):
        _set_wal(engine)
        _migrate(engine)


def _migrate(engine: sa.Engine) -> None:
    # loading the migration tool costs more time than a whole commit
    from tasks.store.migrate import migrate

    migrate(engine)


def _set_wal(engine: sa.Engine) -> None:
    """Switch to write-ahead logging once; the file remembers it."""
    with refusing(engine), engine.connect() as connection:
        raw = connection.connection.driver_connection
        if raw is not None:
            # outside of any transaction, where SQLite allows the switch
            raw.execute("PRAGMA journal_mode = WAL")


@contextmanager
def _alone(engine: sa.Engine) -> Iterator[None]:
    """One process at a time; the kernel lets go when it dies.

    The switch to write-ahead logging does not wait for a busy database as other statements do.
    """
    handle = os.open(Path(engine.url.database or "").parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
