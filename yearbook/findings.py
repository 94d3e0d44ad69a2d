"""What became of a finding: whether somebody decided about it, since when it is there, how it went before.

A decision is about one finding at one place with one value; it holds while the rule finds the same there.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from yearbook.verdict import Severity, Status, Verdict


class Choice(StrEnum):
    """What a person decided about a finding."""

    FIXED = "fixed"
    JUSTIFIED = "justified"
    ACCEPTED = "accepted"

    @property
    def label(self) -> str:
        """The word in lists and on terminals."""
        return {"fixed": "已更正", "justified": "属实有因", "accepted": "接受现状"}[self.value]


class State(StrEnum):
    """Whether a person still has to look."""

    OPEN = "open"
    REOPENED = "reopened"
    DECIDED = "decided"
    WAIVED = "waived"

    @property
    def label(self) -> str:
        """The word in lists and on terminals."""
        return {"open": "待处理", "reopened": "重新打开", "decided": "已决定", "waived": "已豁免"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One rule's answer at one place in one recorded run.

    Attributes:
        run: Number of the run in the store.
        year: Report year of the run.
        at: When the run began.
        code: Code of the rule.
        place: Where the rule looked.
        status: What it said.
        evaluated: Rows or terms judged.
        failed: Rows or equations that broke it.
        expected: What should have been, as text.
        found: What was.
        difference: ``found - expected`` where both are numbers.
    """

    run: int
    year: int
    at: datetime
    code: str
    place: str
    status: Status
    evaluated: int
    failed: int
    expected: str | None = None
    found: str | None = None
    difference: str | None = None

    @property
    def words(self) -> str:
        """What the rule found, in a clause."""
        return found_words(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What somebody decided about a finding, as it was recorded.

    Attributes:
        fingerprint: The finding it is about.
        value: Digest of what the rule found then.
        run: Number of the run whose finding it is about.
        body: Code of the body.
        year: Report year.
        code: Code of the rule.
        place: Where the rule looked.
        choice: The decision.
        reason: Why.
        name: Who decided.
        decided_at: When.
    """

    fingerprint: str
    value: str
    run: int
    body: str
    year: int
    code: str
    place: str
    choice: Choice
    reason: str
    name: str
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A verdict that is no pass, with its history.

    Attributes:
        fingerprint: SHA-256 over body, year, rule and place; the same in every run.
        verdict: What the rule says in the newest run.
        state: Whether a person still has to look.
        decision: The newest decision about it; None where there is none.
        was: What the rule found when that was decided; None without a decision.
        first_seen: When the first run of this body and year began that has it.
        last_seen: When the newest one began.
        runs: In how many runs of this body and year it stands.
        trend: The rule's answers at this place in all runs of the body, oldest first, those of other years too.
    """

    fingerprint: str
    verdict: Verdict
    state: State
    decision: Decision | None
    was: Seen | None
    first_seen: datetime
    last_seen: datetime
    runs: int
    trend: tuple[Seen, ...]

    @property
    def is_open(self) -> bool:
        """True where a person has to look."""
        return self.state in (State.OPEN, State.REOPENED)

    @property
    def why_reopened(self) -> str:
        """What it was when it was decided, in a sentence; empty where it is not reopened."""
        if self.state is not State.REOPENED or self.decision is None:
            return ""
        then = self.was.words if self.was else "无记录"
        if self.was is not None and then == found_words(self.verdict):
            return f"登记为“{self.decision.choice.label}”后再次运行，仍为{then}。"
        return f"登记为“{self.decision.choice.label}”时为{then}，现为{found_words(self.verdict)}。"


def fingerprint(body: str, year: int, verdict: Verdict) -> str:
    """Digest of where a rule looks: body, report year, rule and place, not what it finds."""
    return _digest(body, year, verdict.code, verdict.place)


def value_digest(verdict: Verdict) -> str:
    """Digest of what a rule found: status, failures, what should be and what is."""
    return _digest(verdict.status.value, verdict.failed, verdict.expected, verdict.found, verdict.difference)


def follow(
    verdict: Verdict, *, mark: str, value: str, year: int, run: int, seen: Sequence[Seen], decisions: Iterable[Decision]
) -> Finding:
    """Put a verdict of the newest run together with its history.

    Args:
        verdict: The verdict; no pass.
        mark: Its fingerprint.
        value: Digest of what it found.
        year: Report year.
        run: Number of the newest run.
        seen: The rule's answers at this place in every run of the body, oldest first, the newest run's too.
        decisions: Decisions of the body and year, oldest first; those about other findings are passed over.

    Raises:
        ValueError: ``seen`` lacks the newest run.
    """
    here = [one for one in seen if one.year == year and one.status is not Status.PASSED]
    if not any(one.run == run for one in here):
        raise ValueError("the history lacks the run whose finding it is")
    about = [decision for decision in decisions if decision.fingerprint == mark]
    decision = about[-1] if about else None
    was = [one for one in here if decision is not None and one.run == decision.run]
    return Finding(
        fingerprint=mark,
        verdict=verdict,
        state=_state(verdict, value, run, decision),
        decision=decision,
        was=was[0] if was else None,
        first_seen=min(one.at for one in here),
        last_seen=max(one.at for one in here),
        runs=len({one.run for one in here}),
        trend=tuple(seen),
    )


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Worst first; among equals what waits for a person, then by rule and place."""
    severities, states = list(Severity), list(State)

    def rank(finding: Finding) -> tuple[int, int, str, str]:
        verdict = finding.verdict
        return severities.index(verdict.severity), states.index(finding.state), verdict.code, verdict.place

    return tuple(sorted(findings, key=rank))


def found_words(found: Verdict | Seen) -> str:
    """What a rule found, in a clause, e.g. ``不通过，不符 2（应为 7，实为 5，差额 -2）``."""
    named = (("应为", found.expected), ("实为", found.found), ("差额", found.difference))
    values = "，".join(f"{name} {text}" for name, text in named if text is not None)
    return f"{found.status.label}，不符 {found.failed}" + (f"（{values}）" if values else "")


def _state(verdict: Verdict, value: str, run: int, decision: Decision | None) -> State:
    if verdict.status is Status.WAIVED:
        return State.WAIVED
    if decision is None:
        return State.OPEN
    # what was put right has gone in the next run; a later run that still has it says that it was not
    returned = decision.choice is Choice.FIXED and decision.run != run
    return State.REOPENED if returned or decision.value != value else State.DECIDED


def _digest(*parts: str | int | None) -> str:
    return sha256(json.dumps(parts, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()
