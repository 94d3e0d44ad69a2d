"""What the newest run of a report found, what people decided about it, and how a rule went over the years."""

import secrets
from collections import defaultdict
from pathlib import Path

from tasks.agency import load_agency
from tasks.clock import now
from tasks.settings import Settings
from tasks.store import RunRow, Store
from tasks.store.durable import os_refusal, sync_folder, write_new
from yearbook.errors import Refusal
from yearbook.findings import Choice, Decision, Finding, Seen, follow, ordered
from yearbook.report.findings_list import write_findings_json, write_findings_xlsx
from yearbook.report.model import Body

LONGEST = 1_000


def findings(settings: Settings, body: str, year: int) -> tuple[Finding, ...]:
    """Everything the newest run of a body and year found, finished or blocked, worst first.

    Raises:
        Refusal: An unknown body, a report that was never run, or a store that cannot be read.
    """
    load_agency(settings.project, body)
    store = _store(settings)
    run = _newest(store, body, year)
    found = store.findings.of(run.id)
    seen: dict[tuple[str, str], list[Seen]] = defaultdict(list)
    for one in store.findings.history(body, {entry.verdict.code for entry in found}):
        if one.run <= run.id:
            seen[one.code, one.place].append(one)
    decisions = store.findings.decisions(body, year)
    return ordered(
        follow(
            entry.verdict,
            mark=entry.fingerprint,
            value=entry.value,
            year=year,
            run=run.id,
            seen=seen[entry.verdict.code, entry.verdict.place],
            decisions=decisions,
        )
        for entry in found
    )


def decide(
    settings: Settings, body: str, year: int, code: str, place: str | None, decision: str, reason: str, name: str
) -> Decision:
    """Record what a person decided about a finding of the newest run.

    Args:
        settings: The settings.
        body: Code of the body.
        year: Report year.
        code: Code of the rule.
        place: Where the rule looked; None where it found something at one place only.
        decision: ``fixed``, ``justified`` or ``accepted``.
        reason: Why.
        name: Who decided.

    Raises:
        Refusal: Reason or name is empty or no line of text, or there is no such finding, or more than one.
    """
    load_agency(settings.project, body)
    store = _store(settings)
    _newest(store, body, year)
    return store.findings.decide(
        body,
        year,
        code,
        place,
        choice=Choice(decision),
        reason=_line(reason, "--reason"),
        name=_line(name, "--name"),
        at=now(),
    )


def trend(settings: Settings, body: str, code: str) -> tuple[Seen, ...]:
    """What one rule said in every run of a body, in all years, oldest run first.

    Raises:
        Refusal: An unknown body, or a rule that no run has asked.
    """
    load_agency(settings.project, body)
    seen = _store(settings).findings.history(body, [code])
    if not seen:
        raise Refusal(
            f"机构 {body} 的运行记录中没有规则 {code}", todo="改用 docs/dictionary.md 中的规则编号，或先运行一次"
        )
    return seen


def write_xlsx(settings: Settings, body: str, year: int, found: tuple[Finding, ...], target: Path) -> None:
    """Write the findings as a workbook, whole or not at all.

    Raises:
        Refusal: The file cannot be written.
    """
    _replace(target, write_findings_xlsx(found, _body(settings, body), year))


def write_json(settings: Settings, body: str, year: int, found: tuple[Finding, ...], target: Path) -> None:
    """Write the findings as JSON, whole or not at all.

    Raises:
        Refusal: The file cannot be written.
    """
    _replace(target, write_findings_json(found, _body(settings, body), year))


def _store(settings: Settings) -> Store:
    return Store.open(settings.home / "store", settings.store_address())


def _newest(store: Store, body: str, year: int) -> RunRow:
    run = store.last_run(body, year)
    if run is None:
        raise Refusal(f"机构 {body} 没有 {year} 年的运行记录", todo=f"先运行 yearbook run {body} {year}")
    return run


def _body(settings: Settings, code: str) -> Body:
    agency, _ = load_agency(settings.project, code)
    return Body(code=agency.code, name=agency.name, short_name=agency.short_name, notice=agency.notice)


def _line(text: str, option: str) -> str:
    line = text.strip()
    if not line or len(line) > LONGEST or not line.isprintable():
        raise Refusal(f"{option} 须为一行文字，不能为空，不超过 {LONGEST} 字", todo=f"更正 {option} 后重新运行")
    return line


def _replace(target: Path, data: bytes) -> None:
    """Put a file in place in one step, over an earlier one."""
    beside = target.parent / f".{target.name}.{secrets.token_hex(8)}"
    try:
        try:
            write_new(beside, [data], 0o666)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
        sync_folder(target.parent)
    except OSError as error:
        # named by its target, not by the name it was written under
        raise os_refusal("写入文件", target, OSError(error.errno, error.strerror)) from error
