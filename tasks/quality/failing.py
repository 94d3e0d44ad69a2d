"""Which rows broke a rule: their numbers, references that mean nothing outside the run, and a view without them.

A row's number is its position in the snapshot's file, counted from 0. No value of a row is read here, except by
``rows``, whose only caller writes them into a file that the operator asked for.
"""

import hmac
import os
import secrets
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from tasks.engines.embedded import lockdown, one_select
from tasks.quality.predicates import Predicate, literal, named, parts
from tasks.sources.snapshot import SAFE, Snapshot
from tasks.store.durable import open_regular, os_refusal, sync_folder, write_new
from yearbook.catalog import Code, Rule
from yearbook.catalog.rules import WHOLE
from yearbook.errors import Refusal

SHOWN_ROWS = 100
REFERENCE_LENGTH = 16
SECRET_NAME = "row.key"  # noqa: S105 - a file's name
SECRET_BYTES = 32
OTHERS = 0o077
NUMBER = "file_row_number"


@contextmanager
def looking(path: Path, snapshots: Iterable[Snapshot]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an attached file so that nothing but its snapshots can be read and nothing can be changed.

    Args:
        path: The file that ``tasks.engines.embedded.attach`` made.
        snapshots: The snapshots it was made of.
    """
    with duckdb.connect(str(path), read_only=True, config=dict(SAFE)) as connection:
        for setting in lockdown(snapshots):
            connection.execute(setting)
        yield connection


def condition(rule: Rule, item: Snapshot, codes: Mapping[str, tuple[Code, ...]]) -> str:
    """SQL condition that is true for the rows that break a rule; of doubled rows all are meant.

    Args:
        rule: A rule on rows.
        item: The snapshot that was judged, in the year it was asked for.
        codes: Code lists by name.

    Raises:
        ValueError: The rule is on the whole table, so no row breaks it.
    """
    if rule.check in WHOLE:
        raise ValueError(f"{rule.code}: a check of a whole table knows no rows")
    return parts(rule, item.extract, codes, item.year).failing


def references(
    connection: duckdb.DuckDBPyConnection, rule: Rule, item: Snapshot, predicate: Predicate | None, key: bytes
) -> tuple[str, ...]:
    """References of the first ``SHOWN_ROWS`` failing rows by number.

    Args:
        connection: Where the snapshots of the year are views, each under the code of its extract.
        rule: The rule that failed.
        item: The snapshot that was judged.
        predicate: The rule as SQL; None for a check of a whole table.
        key: Key of the run, by ``row_key``.

    Returns:
        Nothing for a check of a whole table.
    """
    if rule.check in WHOLE or predicate is None:
        return ()
    found = _selected(connection, item, predicate.failing, (), SHOWN_ROWS)
    return tuple(reference(key, item, number) for (number,) in found)


def reference(key: bytes, item: Snapshot, number: int) -> str:
    """A row's name in this run: nobody without the store's secret can tell the number from it."""
    message = f"{item.digest}:{item.extract.code}:{number}"
    return hmac.digest(key, message.encode(), "sha256").hex()[:REFERENCE_LENGTH]


def rows(
    connection: duckdb.DuckDBPyConnection, item: Snapshot, broken: str, limit: int
) -> tuple[int, list[tuple[Any, ...]]]:
    """Failing rows as they are: personal values included.

    Args:
        connection: As for ``references``.
        item: The snapshot.
        broken: SQL condition by ``condition``.
        limit: The most rows to give.

    Returns:
        How many there are, and the first of them, each the row's number and its values in the order of the contract.
    """
    counted = connection.execute(one_select(f"SELECT count(*) FROM {_numbered(item)} WHERE {broken}")).fetchone()
    names = tuple(column.name for column in item.extract.columns)
    return (counted[0] if counted else 0), _selected(connection, item, broken, names, limit)


def to_leave_out(connection: duckdb.DuckDBPyConnection, rule: Rule, item: Snapshot, broken: str) -> pa.Table:
    """Numbers of the rows without which the rule holds: one row of every doubled group may stay.

    Args:
        connection: As for ``references``.
        rule: The rule that failed.
        item: The snapshot.
        broken: SQL condition by ``condition``.

    Returns:
        One column ``file_row_number``.
    """
    if rule.check != "unique":
        return connection.execute(one_select(f"SELECT {NUMBER} FROM {_numbered(item)} WHERE {broken}")).to_arrow_table()
    same = ", ".join(map(named, rule.columns))
    again = f"row_number() OVER (PARTITION BY {same} ORDER BY {NUMBER}) AS place"
    doubled = f"SELECT {NUMBER}, {again} FROM {_numbered(item)} WHERE {broken}"
    return connection.execute(one_select(f"SELECT {NUMBER} FROM ({doubled}) WHERE place > 1")).to_arrow_table()


def leave_out(path: Path, item: Snapshot, numbers: pa.Table) -> None:
    """Make the view of a snapshot in an attached file one without certain rows.

    Args:
        path: The file; nobody else has it open.
        item: The snapshot.
        numbers: What ``to_leave_out`` gave.
    """
    with duckdb.connect(str(path), config=dict(SAFE)) as engine:
        engine.register("numbers", numbers)
        engine.execute("CREATE TABLE _left_out AS SELECT * FROM numbers")
        kept = f"SELECT * EXCLUDE ({NUMBER}) FROM {_numbered(item)} ANTI JOIN _left_out USING ({NUMBER})"
        engine.execute(f"CREATE OR REPLACE VIEW {named(item.extract.code)} AS {kept}")


def row_key(store_home: Path, run_key: str) -> bytes:
    """Key of a run's references, from the store's secret; the same run key gives the same one.

    Args:
        store_home: Folder of the store; the secret is made there once, readable by its owner alone.
        run_key: Key of the run.

    Raises:
        Refusal: The secret cannot be made or read, others can read it, or it is no secret of this store.
    """
    path = store_home / SECRET_NAME
    try:
        if not os.path.lexists(path):
            _make_secret(path)
        secret = _read_secret(path)
    except OSError as error:
        raise os_refusal("读写存档的行号密钥", path, error) from error
    return hmac.digest(secret, run_key.encode(), "sha256")


def _make_secret(path: Path) -> None:
    """Whole or not at all, and never over an existing one: two processes may make it at the same moment."""
    fresh = path.with_name(f".{SECRET_NAME}-{secrets.token_hex(8)}")
    try:
        write_new(fresh, [secrets.token_bytes(SECRET_BYTES)], 0o600)
        with suppress(FileExistsError):
            path.hardlink_to(fresh)
    finally:
        fresh.unlink(missing_ok=True)
    sync_folder(path.parent)


def _read_secret(path: Path) -> bytes:
    handle = open_regular(path)
    try:
        mode = stat.S_IMODE(os.fstat(handle).st_mode)
        data = os.read(handle, SECRET_BYTES + 1)
    finally:
        os.close(handle)
    if mode & OTHERS:
        raise Refusal(f"行号密钥 {path} 的权限是 {mode:03o}，其他用户可以读写", todo=f"执行 chmod 600 {path}")
    if len(data) != SECRET_BYTES:
        raise Refusal(f"行号密钥 {path} 已损坏", todo="从备份恢复该文件；没有备份的删去它，以前的行号引用将无法再对应")
    return data


def _selected(
    connection: duckdb.DuckDBPyConnection, item: Snapshot, broken: str, names: tuple[str, ...], limit: int
) -> list[tuple[Any, ...]]:
    wanted = ", ".join((NUMBER, *map(named, names)))
    query = f"SELECT {wanted} FROM {_numbered(item)} WHERE {broken} ORDER BY {NUMBER} LIMIT {limit:d}"
    return connection.execute(one_select(query)).fetchall()


def _numbered(item: Snapshot) -> str:
    """The snapshot's file as a table with row numbers."""
    return f"read_parquet({literal(str(item.path))}, {NUMBER} = true)"
