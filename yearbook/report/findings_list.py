"""The findings of a run as a list to act on: a workbook for people, one sheet per owner, and JSON for programs.

Holds counts, texts of rules and keyed references of rows, never a row's value.
"""

import json
from collections.abc import Iterable
from datetime import datetime

from yearbook.figure import Figures
from yearbook.findings import Decision, Finding, Seen, ordered
from yearbook.period import BEIJING
from yearbook.report.model import Body, Report
from yearbook.report.sheets import Book, Styled, listing
from yearbook.report.verdicts import fitting, impacts_words, verdict_fields
from yearbook.verdict import Status

SCHEMA = "yearbook/findings/1"
# What a person with the list in hand needs stands first and is printed; the rest is for the screen.
COLUMNS = {
    "编号": 10,
    "严重程度": 6,
    "状态": 9,
    "规则": 28,
    "位置": 22,
    "应为": 11,
    "实为": 11,
    "差额": 9,
    "说明": 26,
    "处理办法": 26,
    "负责人": 11,
    "类别": 9,
    "评估数": 9,
    "不符数": 8,
    "影响的数字": 26,
    "首次出现": 11,
    "最近出现": 11,
    "出现次数": 6,
    "处理决定": 8,
    "理由": 16,
    "处理人": 9,
}
PRINTED_COLUMNS = 11
ALL, NOBODY, NONE = "全部", "未指定负责人", "—"
# What people quote of a fingerprint: enough to tell the findings of one report apart.
SHORT = 8
REST_IN = "JSON"
# Limit of the format: UTF-16 units of a sheet's name with room for a number behind it.
NAME_UNITS = 27
NAME_SIGNS = str.maketrans(dict.fromkeys("[]:*?/\\", "、") | {"&": "＆", "'": "’"})


def write_findings_xlsx(findings: Iterable[Finding], body: Body, year: int) -> bytes:
    """The workbook: all findings, then each owner's; the same findings give the same bytes."""
    listed = ordered(findings)
    title = f"{body.short_name}{year}年政府信息公开工作年度报告检查发现"
    book = Book(_named(body, year, title))
    groups: dict[str, list[Finding]] = {}
    for finding in listed:
        groups.setdefault(finding.verdict.owner or NOBODY, []).append(finding)
    names = sheet_names(groups)
    for name, group in [(ALL, listed), *((names[owner], found) for owner, found in groups.items())]:
        sheet = book.sheet(name, f"{title}（{name}）")
        listing(book, sheet, COLUMNS, (_row(finding) for finding in group), 1, on_paper=PRINTED_COLUMNS)
    return book.bytes()


def write_findings_json(findings: Iterable[Finding], body: Body, year: int) -> bytes:
    """The same as JSON, as ``findings.schema.json`` beside the templates describes; numbers are text."""
    document = {
        "schema": SCHEMA,
        "body": {"code": body.code, "name": body.name},
        "year": str(year),
        "findings": [_finding(finding) for finding in ordered(findings)],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def moment(at: datetime) -> str:
    """An instant as people read it, Beijing time."""
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}"


def state_words(finding: Finding) -> str:
    """Whether somebody has to look; what was not judged says so, for nobody should take it for a failure."""
    unjudged = finding.verdict.status is Status.NOT_EVALUATED
    return f"{finding.state.label}（{Status.NOT_EVALUATED.label}）" if unjudged else finding.state.label


def sheet_names(owners: Iterable[str]) -> dict[str, str]:
    """A sheet name for each owner: allowed by the format, no two alike."""
    taken, names = {ALL.casefold(), "history"}, {}
    for owner in owners:
        name = "".join(sign for sign in owner if sign.isprintable()).translate(NAME_SIGNS).strip() or NOBODY
        while len(name.encode("utf-16-le")) > 2 * NAME_UNITS:
            name = name[:-1]
        number, unique = 1, name
        while unique.casefold() in taken:
            number += 1
            unique = f"{name}{number}"
        taken.add(unique.casefold())
        names[owner] = unique
    return names


def _named(body: Body, year: int, title: str) -> Report:
    """What a workbook knows of its report: title, body and year."""
    return Report(body=body, year=year, title=(title,), preamble=(), sections=(), figures=Figures(()), verdicts=())


def _row(finding: Finding) -> list[Styled]:
    verdict, decision = finding.verdict, finding.decision
    look = {"fatal": "bad", "warning": "warn", "information": "soft"}[verdict.severity.value]
    return [
        Styled(finding.fingerprint[:SHORT], ""),
        Styled(verdict.severity.label, look),
        Styled(state_words(finding), look if finding.is_open else "good"),
        Styled(_cell(f"{verdict.code} {verdict.say}"), ""),
        Styled(_cell(verdict.place), ""),
        *(Styled(_cell(text), "right") for text in (verdict.expected, verdict.found, verdict.difference)),
        Styled(_cell("".join((finding.why_reopened, verdict.detail))), ""),
        Styled(_cell(verdict.do), ""),
        Styled(_cell(verdict.owner or NOBODY), ""),
        Styled(verdict.category.label, ""),
        Styled(verdict.evaluated, "|#,##0"),
        Styled(verdict.failed, "|#,##0"),
        Styled(_cell(impacts_words(verdict.impact, rest_in=REST_IN)), ""),
        Styled(moment(finding.first_seen), ""),
        Styled(moment(finding.last_seen), ""),
        Styled(finding.runs, "|#,##0"),
        Styled(decision.choice.label if decision else NONE, ""),
        Styled(_cell(decision.reason if decision else NONE), ""),
        Styled(_cell(decision.name if decision else NONE), ""),
    ]


def _cell(text: str | None) -> str:
    return fitting(text, rest_in=REST_IN) if text else NONE


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "fingerprint": finding.fingerprint,
        "state": finding.state.value,
        "why_reopened": finding.why_reopened,
        **verdict_fields(finding.verdict),
        "rows": list(finding.verdict.rows),
        "first_seen": _instant(finding.first_seen),
        "last_seen": _instant(finding.last_seen),
        "runs": str(finding.runs),
        "decision": None if finding.decision is None else _decision(finding.decision),
        "trend": [_seen(seen) for seen in finding.trend],
    }


def _decision(decision: Decision) -> dict[str, object]:
    return {
        "decision": decision.choice.value,
        "reason": decision.reason,
        "name": decision.name,
        "decided_at": _instant(decision.decided_at),
        "run": str(decision.run),
    }


def _seen(seen: Seen) -> dict[str, object]:
    return {
        "year": str(seen.year),
        "run": str(seen.run),
        "at": _instant(seen.at),
        "status": seen.status.value,
        "evaluated": str(seen.evaluated),
        "failed": str(seen.failed),
        "expected": seen.expected,
        "found": seen.found,
        "difference": seen.difference,
    }


def _instant(at: datetime) -> str:
    return at.astimezone(BEIJING).isoformat()
