"""Editions of reports: what awaits approval, who approved it, what stands published."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from tasks.store import tables
from tasks.store.database import reading, writing
from tasks.store.records import Correction, Publication, RunRecord
from tasks.store.tables_operations import approval, attempt_end, submission
from yearbook.errors import Refusal

DecisionWord = Literal["approved", "rejected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A finished run that a person has to approve before it is published.

    Attributes:
        run_id: The run.
        body: Code of the body.
        year: Report year.
        digest: SHA-256 over key and outputs; whoever approves names it, so that nothing else is approved.
        target: Folder it will be published in.
        operator: Who ran it.
        finished_at: When it was finished.
        decision: ``approved`` or ``rejected``; None where nobody has decided.
        name: Who decided.
        reason: Why, as the person put it.
        decided_at: When.
    """

    run_id: int
    body: str
    year: int
    digest: str
    target: str
    operator: str
    finished_at: datetime
    decision: DecisionWord | None = None
    name: str | None = None
    reason: str | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Approval:
    """What a person decided about a submission.

    Attributes:
        run_id: The submitted run.
        decision: ``approved`` or ``rejected``.
        name: Who.
        reason: Why; empty where the person said nothing more than yes.
        decided_at: Aware instant.
        record: Blob with the decision as it was made.
    """

    run_id: int
    decision: DecisionWord
    name: str
    reason: str
    decided_at: datetime
    record: str


def submission_digest(key: str, outputs: dict[str, str]) -> str:
    """SHA-256 over the run's key and every output's name and digest."""
    text = json.dumps({"key": key, "outputs": outputs}, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class Editions:
    """What awaits approval and what stands published, across all runs."""

    def __init__(self, engine: sa.Engine) -> None:
        """Use ``Store.editions``."""
        self._engine = engine

    def submission(self, body: str, year: int) -> Submission | None:
        """Return the newest submission of a report, decided or not, or None."""
        query = _submissions().where(submission.c.body == body, submission.c.year == year)
        with reading(self._engine) as connection:
            row = connection.execute(query.order_by(submission.c.run_id.desc()).limit(1)).mappings().one_or_none()
        return None if row is None else Submission(**row)

    def submissions(self, body: str, year: int) -> tuple[Submission, ...]:
        """Return every submission of a report, oldest first."""
        query = _submissions().where(submission.c.body == body, submission.c.year == year)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(submission.c.run_id)).mappings().all()
        return tuple(Submission(**row) for row in rows)

    def decide(self, decision: Approval, size: int) -> Publication | None:
        """Keep what a person decided; where it is yes, the report gets its edition in the same transaction.

        Args:
            decision: The decision; its record has been put before.
            size: Bytes of the record.

        Returns:
            The edition; None where the submission was rejected.

        Raises:
            Refusal: Somebody has decided already, another run has ended or another edition was published since, or
                the database cannot be written.
        """
        with writing(self._engine) as connection:
            asked = _submissions().where(submission.c.run_id == decision.run_id)
            row = connection.execute(asked).mappings().one()
            _require_undecided(row)
            _require_newest(connection, row)
            known = sa.select(tables.blob.c.digest).where(tables.blob.c.digest == decision.record)
            if connection.execute(known).one_or_none() is None:
                blob = {"digest": decision.record, "size": size, "media_type": "application/json", "private": False}
                connection.execute(sa.insert(tables.blob), blob)
            connection.execute(sa.insert(approval), asdict(decision))
            if decision.decision == "approved":
                return _publish(connection, decision.run_id)
            return None


def submit(connection: sa.Connection, run_id: int, record: RunRecord) -> None:
    """Note a finished run for approval, unless it only reproduces the newest edition.

    Raises:
        Refusal: Another run has published since this one was compared.
    """
    _require_current(connection, record)
    outputs = record.outputs()
    standing = newest(connection, record.body, record.year)
    if standing is not None and named(connection, standing.run_id, "output") == outputs:
        return
    correction = record.correction
    row = {
        "run_id": run_id,
        "body": record.body,
        "year": record.year,
        "digest": submission_digest(record.key, outputs),
        "target": record.target,
        "compared_with": record.compared_with,
        "corrects": correction.corrects if correction else None,
        "reason": correction.reason if correction else None,
    }
    connection.execute(sa.insert(submission), row)


def _require_current(connection: sa.Connection, record: RunRecord) -> None:
    before = newest(connection, record.body, record.year, other_than=record.key)
    if (before.edition if before else None) != record.compared_with:
        raise _overtaken(record.body, record.year)
    standing = newest(connection, record.body, record.year)
    correction = record.correction
    next_edition = 1 if standing is None else standing.edition + 1
    reproduces = standing is not None and named(connection, standing.run_id, "output") == record.outputs()
    if correction is not None and not reproduces and correction.edition != next_edition:
        raise _overtaken(record.body, record.year)


def _publish(connection: sa.Connection, run_id: int) -> Publication:
    """Add the next edition; the writer's lock makes reading the newest one and adding one step."""
    query = sa.select(submission, tables.run.c.key, tables.run.c.operator)
    query = query.join(tables.run, tables.run.c.id == submission.c.run_id).where(submission.c.run_id == run_id)
    row = connection.execute(query).one()
    before = newest(connection, row.body, row.year, other_than=row.key)
    if (before.edition if before else None) != row.compared_with:
        raise _overtaken(row.body, row.year)
    standing = newest(connection, row.body, row.year)
    edition = 1 if standing is None else standing.edition + 1
    if row.corrects is not None and row.corrects + 1 != edition:
        raise _overtaken(row.body, row.year)
    one = {"run_id": run_id, "body": row.body, "year": row.year, "edition": edition}
    connection.execute(sa.insert(tables.publication), one | {"target": row.target})
    if row.corrects is not None:
        why = asdict(Correction(edition, row.corrects, row.reason)) | {"name": row.operator}
        connection.execute(sa.insert(tables.correction), one | why)
    return Publication(row.body, row.year, edition, run_id, row.target, row.key)


def newest(
    connection: sa.Connection,
    body: str,
    year: int,
    *,
    up_to: int | None = None,
    other_than: str | None = None,
    number: int | None = None,
) -> Publication | None:
    """Return the newest edition of a report that fits, or None."""
    table, run = tables.publication, tables.run
    columns = [table.c[name] for name in ("body", "year", "edition", "run_id", "target")]
    query = sa.select(*columns, run.c.key).join(run, run.c.id == table.c.run_id)
    query = query.where(table.c.body == body, table.c.year == year)
    if up_to is not None:
        query = query.where(table.c.run_id <= up_to)
    if other_than is not None:
        query = query.where(run.c.key != other_than)
    if number is not None:
        query = query.where(table.c.edition == number)
    row = connection.execute(query.order_by(table.c.edition.desc()).limit(1)).mappings().one_or_none()
    return None if row is None else Publication(**row)


def named(connection: sa.Connection, run_id: int, role: str) -> dict[str, str]:
    """Return the files a run names in one role: name to digest."""
    part = tables.run_blob
    query = sa.select(part.c.name, part.c.digest).where(part.c.run_id == run_id, part.c.role == role)
    return {row.name: row.digest for row in connection.execute(query.order_by(part.c.name))}


def _submissions() -> sa.Select[Any]:
    run = tables.run
    columns: Iterable[Any] = (
        *(submission.c[name] for name in ("run_id", "body", "year", "digest", "target")),
        run.c.operator,
        run.c.finished_at,
        *(approval.c[name] for name in ("decision", "name", "reason", "decided_at")),
    )
    joined = submission.join(run, run.c.id == submission.c.run_id)
    return sa.select(*columns).select_from(joined.outerjoin(approval, approval.c.run_id == submission.c.run_id))


def _require_undecided(row: Any) -> None:
    if row["decision"] is not None:
        done = "批准" if row["decision"] == "approved" else "退回"
        raise Refusal(
            f"机构 {row['body']} {row['year']} 年第 {row['run_id']} 次运行已由{row['name']}{done}",
            todo="决定不能改写；需要改动的，重新运行后再送审",
        )


def _require_newest(connection: sa.Connection, row: Any) -> None:
    run = tables.run
    # a rehearsal is no answer to what awaits approval
    rehearsed = sa.select(attempt_end.c.run_id).where(attempt_end.c.state == "rehearsed")
    later = sa.select(run.c.id).where(run.c.body == row["body"], run.c.year == row["year"], run.c.id > row["run_id"])
    later = later.where(run.c.id.not_in(rehearsed))
    found = connection.execute(later.order_by(run.c.id.desc()).limit(1)).scalar()
    if found is not None:
        raise Refusal(
            f"送审的第 {row['run_id']} 次运行之后又运行过（第 {found} 次），原来的送审作废",
            todo="查看最近一次运行的结果，按新的核对码审核",
        )


def _overtaken(body: str, year: int) -> Refusal:
    return Refusal(
        f"机构 {body} {year} 年的版次在本次运行期间有变化，对照表已经过时",
        todo="等待同时进行的运行结束，然后重新运行",
    )
