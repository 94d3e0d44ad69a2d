"""Notices: what may be told, once each, and in which words.

A notice leaves the house over mail and chat. It therefore says that something happened and where to look, and holds no
row, no name of a person, no unpublished number and no code that could approve a report.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from yearbook.errors import Refusal
from yearbook.verdict import Severity, Verdict

MOST_FINDINGS = 3
LONGEST_SUBJECT = 100


class Event(StrEnum):
    """What people are told of."""

    ARMED = "armed"
    STARTED = "started"
    BLOCKED = "blocked"
    UNEXPLAINED = "unexplained"
    AWAITING = "awaiting"
    PUBLISHED = "published"
    REJECTED = "rejected"
    CRASHED = "crashed"
    OVERDUE = "overdue"
    TEST = "test"

    @property
    def label(self) -> str:
        """The event in a word."""
        return _LABELS[self]


_LABELS = {
    Event.ARMED: "已排期",
    Event.STARTED: "开始制作",
    Event.BLOCKED: "有致命发现",
    Event.UNEXPLAINED: "待更正说明",
    Event.AWAITING: "等待审核",
    Event.PUBLISHED: "已发布",
    Event.REJECTED: "已退回",
    Event.CRASHED: "没有完成",
    Event.OVERDUE: "已过期限",
    Event.TEST: "测试通知",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a template may say.

    Attributes:
        body: Code of the body.
        name: Its name.
        year: Report year.
        attempt: Number of the attempt, or None.
        edition: Number of the edition, or None.
        fatal: Number of findings that stop publication.
        findings: The most important findings, a line each.
        state: How it ended, in words.
        when: When the schedule fires next, in words.
        due: Last day of the statutory term, e.g. ``2024年1月31日``.
        late: Days since then.
    """

    body: str
    name: str
    year: int
    attempt: int | None = None
    edition: int | None = None
    fatal: int = 0
    findings: tuple[str, ...] = ()
    state: str = ""
    when: str = ""
    due: str = ""
    late: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice in its final words.

    Attributes:
        mark: SHA-256 over what it is about; one that is known is not told again.
        body: Code of the body.
        year: Report year.
        event: What happened.
        subject: First line.
        text: The rest.
    """

    mark: str
    body: str
    year: int
    event: Event
    subject: str
    text: str


def mark_of(body: str, year: int, event: Event, about: str) -> str:
    """The mark of a notice; ``about`` is what tells two events of a kind apart: a run, an attempt, a day."""
    text = json.dumps([body, year, event.value, about], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def written(event: Event, template: str, facts: Facts, about: str) -> Notice:
    """Write a notice.

    Args:
        event: What happened.
        template: Template of its words; the first line is the subject.
        facts: What it may say.
        about: What tells it apart from others of its kind.

    Raises:
        Refusal: The template is none, asks for what is not there, or says nothing.
    """
    place = f"deployments/notices/{event.value}.txt"
    room = ImmutableSandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    try:
        words = room.from_string(template).render(asdict(facts))
    # a sandboxed template can fail as any expression can; what it asked for is its author's mistake
    except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
        raise Refusal(f"{place} 不能成文：{type(error).__name__}", todo="对照原有模板更正") from error
    subject, _, text = words.strip().partition("\n")
    if not subject.strip() or not text.strip():
        raise Refusal(f"{place} 没有标题或没有正文", todo="第一行写标题，以下写正文")
    mark = mark_of(facts.body, facts.year, event, about)
    return Notice(mark, facts.body, facts.year, event, subject.strip()[:LONGEST_SUBJECT], text.strip())


def plainest(event: Event, facts: Facts, about: str) -> Notice:
    """The notice in words of its own, for when the office's template cannot be used."""
    subject = f"【年度报告】{facts.name}{facts.year}年：{event.label}"
    mark = mark_of(facts.body, facts.year, event, about)
    return Notice(mark, facts.body, facts.year, event, subject, f"用 yearbook status {facts.body} 查看。")


def worst(findings: Sequence[Verdict]) -> tuple[str, ...]:
    """The most important findings, a line each: rule, place and how often, never a number of the report."""
    order = {severity: place for place, severity in enumerate(Severity)}
    ranked = sorted(findings, key=lambda verdict: (not verdict.blocks, order[verdict.severity]))
    return tuple(_line(verdict) for verdict in ranked[:MOST_FINDINGS])


def _line(verdict: Verdict) -> str:
    often = f"（{verdict.failed} 处）" if verdict.failed else ""
    owner = f"，{verdict.owner}办理" if verdict.owner else ""
    return f"{verdict.severity.label} {verdict.code} {verdict.say} {verdict.place}{often}{owner}"
