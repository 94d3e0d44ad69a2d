"""The one place where a run becomes part of the record."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tasks.store import tables
from tasks.store.blobs import Blobs
from tasks.store.database import open_engine, reading, writing
from tasks.store.editions import Editions, named, newest, submit
from tasks.store.findings import FindingStore
from tasks.store.journal import Journal, require_lease
from tasks.store.notices import Notices
from tasks.store.records import Correction, FigureRecord, Publication, RunRecord, RunRow
from tasks.store.upgrade import bring_up_to_date
from yearbook.errors import Refusal

Rows = list[dict[str, Any]]


class Store:
    """Blobs on disk and the database that names them.

    Attributes:
        blobs: The files.
        findings: What rules found in all runs, and what people decided about it.
        editions: What awaits approval, and who approved what.
        journal: Who works or worked on which report, step by step.
        notices: What people were told, and how it got through.
    """

    def __init__(self, blobs: Blobs, engine: sa.Engine) -> None:
        """Use ``open`` instead; this takes a database that is already up to date."""
        self.blobs = blobs
        self.findings = FindingStore(engine)
        self.editions = Editions(engine)
        self.journal = Journal(engine)
        self.notices = Notices(engine)
        self._engine = engine

    @classmethod
    def open(cls, home: Path, url: str | None = None) -> "Store":
        """Open the store, creating or migrating it where needed.

        Args:
            home: Folder of the store.
            url: Address of a PostgreSQL database; None keeps the record in ``home/audit.db``.

        Returns:
            The store; it holds no connection between calls.

        Raises:
            Refusal: The folder cannot be written, or the database is unreachable or newer than this software.
        """
        engine = open_engine(home, url)
        bring_up_to_date(engine)
        blobs = Blobs(home / "blobs")
        blobs.sweep()
        # before any work, so that nobody waits for a run whose results cannot be kept
        blobs.prepare()
        return cls(blobs, engine)

    def commit(self, record: RunRecord) -> int:
        """Write everything about a run in one transaction; on return it survives a power cut.

        A finished run with a target is submitted for approval, unless its outputs are those of the newest edition.

        Args:
            record: The run; every blob it names has been put before.

        Returns:
            The id of the run.

        Raises:
            Refusal: A blob is missing or damaged, the database cannot be written, another run has published since
                this one was compared, or another attempt has taken over.
        """
        sizes = {ref.digest: self._size_of(ref.name, ref.digest) for ref in record.blobs}
        with writing(self._engine) as connection:
            if record.attempt is not None:
                require_lease(connection, record.attempt)
            _insert(connection, tables.blob, self._new_blobs(connection, record, sizes))
            statement = sa.insert(tables.run).values(_run_values(record)).returning(tables.run.c.id)
            run_id: int = connection.execute(statement).scalar_one()
            for table, rows in _detail_rows(run_id, record).items():
                _insert(connection, table, rows)
            if record.target is not None:
                submit(connection, run_id, record)
        return run_id

    def last_run(self, body: str, year: int) -> RunRow | None:
        """Return the newest run of a body and year, finished or blocked, or None."""
        run = tables.run
        query = sa.select(run).where(run.c.body == body, run.c.year == year)
        with reading(self._engine) as connection:
            row = connection.execute(query.order_by(run.c.id.desc()).limit(1)).mappings().first()
        return None if row is None else RunRow(**row)

    def outputs(self, run_id: int) -> dict[str, str]:
        """Return the published files of a run: name to digest."""
        return self.blobs_of(run_id, "output")

    def blobs_of(self, run_id: int, role: str) -> dict[str, str]:
        """Return the files a run names in one role: name to digest."""
        with reading(self._engine) as connection:
            return named(connection, run_id, role)

    def edition_of(self, run_id: int) -> Publication | None:
        """Return the edition that carries the outputs of a run, or None.

        A run that only reproduced the edition of an earlier run belongs to that edition.
        """
        run = tables.run
        with reading(self._engine) as connection:
            of = sa.select(run.c.body, run.c.year, run.c.state).where(run.c.id == run_id)
            row = connection.execute(of).one_or_none()
            if row is None or row.state != "finished":
                return None
            found = newest(connection, row.body, row.year, up_to=run_id)
            if found is None or named(connection, found.run_id, "output") != named(connection, run_id, "output"):
                return None
            return found

    def newest_edition(self, body: str, year: int) -> Publication | None:
        """Return the newest edition of a report, or None."""
        with reading(self._engine) as connection:
            return newest(connection, body, year)

    def first_published(self, body: str, year: int) -> datetime | None:
        """Return when the first edition of a report was finished, or None."""
        table, run = tables.publication, tables.run
        query = sa.select(run.c.finished_at).join(table, table.c.run_id == run.c.id)
        query = query.where(table.c.body == body, table.c.year == year).order_by(table.c.edition).limit(1)
        with reading(self._engine) as connection:
            found: datetime | None = connection.execute(query).scalar()
            return found

    def edition_before(self, body: str, year: int, key: str) -> Publication | None:
        """Return the newest edition that a run with this key did not make, or None.

        A run that is repeated finds the same edition again, so that its pages stay what they are.
        """
        with reading(self._engine) as connection:
            return newest(connection, body, year, other_than=key)

    def edition(self, body: str, year: int, number: int) -> Publication | None:
        """Return one edition of a report, or None."""
        with reading(self._engine) as connection:
            return newest(connection, body, year, number=number)

    def corrections(self, body: str, year: int) -> tuple[Correction, ...]:
        """Return what was corrected in a report, and why, in the order of editions."""
        table = tables.correction
        query = sa.select(table.c.edition, table.c.corrects, table.c.reason)
        query = query.where(table.c.body == body, table.c.year == year).order_by(table.c.edition)
        with reading(self._engine) as connection:
            return tuple(Correction(**row) for row in connection.execute(query).mappings())

    def figures_of(self, run_id: int) -> tuple[FigureRecord, ...]:
        """Return the figures of a run by code."""
        table = tables.figure
        names = [column.name for column in table.columns if column.name != "run_id"]
        query = sa.select(*(table.c[name] for name in names)).where(table.c.run_id == run_id)
        with reading(self._engine) as connection:
            rows = [dict(row) for row in connection.execute(query).mappings()]
        # sorted here: databases order text in their own ways
        rows.sort(key=lambda row: str(row["code"]))
        return tuple(FigureRecord(**row | {"snapshot_digests": tuple(row["snapshot_digests"])}) for row in rows)

    def _size_of(self, name: str, digest: str) -> int:
        size = self.blobs.size(digest)
        if size is None:
            todo = "重新运行；若仍然缺失，从备份恢复存档文件夹。"
            raise Refusal(f"存档中缺少文件 {name}（{digest[:12]}…）", todo=todo)
        return size

    def _new_blobs(self, connection: sa.Connection, record: RunRecord, sizes: Mapping[str, int]) -> Rows:
        """Return rows for the blobs the database does not name yet; check the size of those it does."""
        blob = tables.blob
        named = sa.select(blob.c.digest, blob.c.size).where(blob.c.digest.in_(list(sizes)))
        present = {row.digest: row.size for row in connection.execute(named)}
        rows: dict[str, dict[str, Any]] = {}
        for ref in record.blobs:
            if present.get(ref.digest, sizes[ref.digest]) != sizes[ref.digest]:
                todo = "不要删除现场；从备份恢复该文件，核对通过后重新运行。"
                raise Refusal(f"存档文件 {ref.name}（{ref.digest[:12]}…）的大小与登记不符", todo=todo)
            if ref.digest not in present:
                row = rows.setdefault(
                    ref.digest, {"size": sizes[ref.digest], "media_type": ref.media_type, "private": False}
                )
                # one blob may play two parts; personal in one of them is personal
                row["private"] = row["private"] or ref.private
        return [{"digest": digest, **row} for digest, row in rows.items()]


def _insert(connection: sa.Connection, table: sa.Table, rows: Rows) -> None:
    if rows:
        connection.execute(sa.insert(table), rows)


def _run_values(record: RunRecord) -> dict[str, Any]:
    columns = [column.name for column in tables.run.columns if column.name != "id"]
    values = {name: getattr(record, name) for name in columns}
    return values | {"versions": dict(record.versions)}


def _detail_rows(run_id: int, record: RunRecord) -> dict[sa.Table, Rows]:
    one = {"run_id": run_id}
    return {
        tables.run_blob: [one | {"role": ref.role, "name": ref.name, "digest": ref.digest} for ref in record.blobs],
        tables.run_step: [
            # findings of a step are the journal's
            one | {"position": n} | {k: v for k, v in asdict(step).items() if k != "findings"}
            for n, step in enumerate(record.steps, 1)
        ],
        tables.figure: [
            one | asdict(figure) | {"snapshot_digests": list(figure.snapshot_digests)} for figure in record.figures
        ],
        tables.verdict: [one | {"position": n} | asdict(verdict) for n, verdict in enumerate(record.verdicts, 1)],
        tables.finding: [one | asdict(finding) for finding in record.findings],
    }
