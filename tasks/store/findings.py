"""What rules found in recorded runs, and what people decided about it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tasks.store import tables
from tasks.store.database import reading, writing
from yearbook.errors import Refusal
from yearbook.findings import Choice, Decision, Seen, fingerprint, value_digest
from yearbook.verdict import Category, Impact, Severity, Status, Verdict

# Columns that a verdict and its row have under the same name.
_NUMBERS = ("code", "source", "evaluated", "failed", "place", "expected", "found", "difference")
_WORDS = ("base", "extract", "say", "say_en", "do", "owner", "detail")
OLDER = "该次运行由较早的程序做出，只登记了结论，没有登记规则内容"


@dataclass(frozen=True, slots=True)
class Found:
    """A verdict of a recorded run that is no pass.

    Attributes:
        fingerprint: The finding it is; the same in every run.
        value: Digest of what it found.
        verdict: The verdict; without its words where an earlier program recorded it.
    """

    fingerprint: str
    value: str
    verdict: Verdict


class FindingStore:
    """Findings and decisions in the database."""

    def __init__(self, engine: sa.Engine) -> None:
        """Use ``Store.findings`` instead; this takes a database that is up to date."""
        self._engine = engine

    def of(self, run_id: int) -> tuple[Found, ...]:
        """Return the verdicts of a run that are no pass, in their order."""
        with reading(self._engine) as connection:
            return _found(connection, run_id)

    def history(self, body: str, codes: Collection[str] | None = None) -> tuple[Seen, ...]:
        """Return what rules said in every run of a body, oldest run first.

        Args:
            body: Code of the body.
            codes: Codes of the rules; every rule where it is None.
        """
        run, verdict = tables.run, tables.verdict
        names = ("code", "place", "status", "evaluated", "failed", "expected", "found", "difference")
        query = sa.select(run.c.id.label("run"), run.c.year, run.c.started_at.label("at"), *_of(verdict, names))
        query = query.join(verdict, verdict.c.run_id == run.c.id).where(run.c.body == body)
        if codes is not None:
            query = query.where(verdict.c.code.in_(list(codes)))
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(run.c.id, verdict.c.position)).mappings()
            return tuple(Seen(**dict(row) | {"status": Status(row["status"])}) for row in rows)

    def decisions(self, body: str, year: int) -> tuple[Decision, ...]:
        """Return what was decided about findings of a body and year, oldest first."""
        table = tables.decision
        query = sa.select(table).where(table.c.body == body, table.c.year == year)
        with reading(self._engine) as connection:
            return tuple(_decision(row) for row in connection.execute(query.order_by(table.c.id)).mappings())

    def decide(
        self,
        body: str,
        year: int,
        code: str,
        place: str | None,
        *,
        choice: Choice,
        reason: str,
        name: str,
        at: datetime,
    ) -> Decision:
        """Record a decision about a finding of the newest run; on return it survives a power cut.

        Args:
            body: Code of the body.
            year: Report year.
            code: Code of the rule.
            place: Where the rule looked; None where it found something at one place only.
            choice: The decision.
            reason: Why.
            name: Who decided.
            at: Aware instant of the decision.

        Raises:
            Refusal: There is no run, the newest run has no such finding, or more than one.
        """
        with writing(self._engine) as connection:
            run_id = _newest_run(connection, body, year)
            found = _the_one(_found(connection, run_id) if run_id else (), body, year, code, place)
            row: dict[str, Any] = {"fingerprint": found.fingerprint, "value": found.value, "run_id": run_id}
            row |= {"body": body, "year": year, "code": code, "place": found.verdict.place}
            row |= {"decision": choice.value, "reason": reason, "name": name, "decided_at": at}
            connection.execute(sa.insert(tables.decision), row)
        return _decision(row)


def _of(table: sa.Table, names: Collection[str]) -> list[sa.Column[Any]]:
    return [table.c[name] for name in names]


def _newest_run(connection: sa.Connection, body: str, year: int) -> int | None:
    run = tables.run
    found: int | None = connection.execute(
        sa.select(sa.func.max(run.c.id)).where(run.c.body == body, run.c.year == year)
    ).scalar()
    return found


def _found(connection: sa.Connection, run_id: int) -> tuple[Found, ...]:
    run, verdict, finding = tables.run, tables.verdict, tables.finding
    own = ("fingerprint", "value", "category", "figures", "rows", "impact", *_WORDS)
    query = sa.select(run.c.body, run.c.year, *_of(verdict, ("severity", "status", *_NUMBERS)), *_of(finding, own))
    query = query.select_from(verdict).join(run, run.c.id == verdict.c.run_id)
    same = (finding.c.run_id == verdict.c.run_id) & (finding.c.position == verdict.c.position)
    query = query.outerjoin(finding, same)
    query = query.where(verdict.c.run_id == run_id, verdict.c.status != Status.PASSED.value)
    return tuple(_entry(row) for row in connection.execute(query.order_by(verdict.c.position)).mappings())


def _entry(row: sa.RowMapping) -> Found:
    verdict = Verdict(
        say="",
        severity=Severity(row["severity"]),
        status=Status(row["status"]),
        **{name: row[name] for name in _NUMBERS},
    )
    if row["fingerprint"] is None:
        verdict = replace(verdict, detail=OLDER)
        return Found(fingerprint(row["body"], row["year"], verdict), value_digest(verdict), verdict)
    verdict = replace(
        verdict,
        category=Category(row["category"]),
        figures=tuple(row["figures"]),
        rows=tuple(row["rows"]),
        impact=tuple(Impact(**impact) for impact in row["impact"]),
        **{name: row[name] for name in _WORDS},
    )
    return Found(row["fingerprint"], row["value"], verdict)


def _the_one(found: Collection[Found], body: str, year: int, code: str, place: str | None) -> Found:
    of_rule = [one for one in found if one.verdict.code == code]
    fitting = [one for one in of_rule if place is None or one.verdict.place == place]
    if len(fitting) == 1:
        return fitting[0]
    places = "；".join(one.verdict.place for one in of_rule)
    if not of_rule:
        raise Refusal(
            f"机构 {body} {year} 年最近一次运行没有规则 {code} 的发现",
            todo=f"用 yearbook findings {body} {year} --all 查看有哪些发现",
        )
    if not fitting:
        raise Refusal(f"规则 {code} 在该位置没有发现", todo=f"把 --place 改为其中之一：{places}")
    if place is None:
        raise Refusal(f"规则 {code} 有 {len(fitting)} 条发现，须指明是哪一条", todo=f"用 --place 指明位置：{places}")
    raise Refusal(
        f"规则 {code} 在同一位置有 {len(fitting)} 条发现，无法区分", todo="请程序维护人员使每条发现的位置各不相同"
    )


def _decision(row: Mapping[Any, Any]) -> Decision:
    same = ("fingerprint", "value", "body", "year", "code", "place", "reason", "name", "decided_at")
    return Decision(**{name: row[name] for name in same}, run=row["run_id"], choice=Choice(row["decision"]))
