"""What a rule says after it was asked: passed, failed, or had nothing to judge."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a failed rule leads to."""

    FATAL = "fatal"
    WARNING = "warning"
    INFORMATION = "information"

    @property
    def label(self) -> str:
        """The word on pages and terminals."""
        return {"fatal": "致命", "warning": "警告", "information": "提示"}[self.value]


class Status(StrEnum):
    """Outcome of one rule. Nothing evaluated is an outcome of its own, never a pass."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_EVALUATED = "not_evaluated"

    @property
    def label(self) -> str:
        """The word on pages and terminals."""
        return {"passed": "通过", "failed": "不通过", "not_evaluated": "未评估"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One rule's answer. Holds counts and aggregates, never a row's value.

    Attributes:
        code: Stable code of the rule, as auditors cite it.
        say: The rule in words.
        severity: Consequence of a failure.
        status: Outcome.
        source: Code of the source whose rows were judged; ``ties`` for rules between figures.
        place: Where it looked: source and table and column, or cells in the form's own words.
        evaluated: Rows or terms that were judged.
        failed: Rows or equations that broke the rule.
        expected: What should be, as text; None where the rule has no single value.
        found: What is.
        difference: ``found - expected`` where both are numbers.
        do: What to do when it fails.
        figures: Codes of the figures the rule guards.
    """

    code: str
    say: str
    severity: Severity
    status: Status
    place: str
    source: str = ""
    evaluated: int
    failed: int = 0
    expected: str | None = None
    found: str | None = None
    difference: str | None = None
    do: str = ""
    figures: tuple[str, ...] = ()

    @property
    def blocks(self) -> bool:
        """True where nothing may be published: a fatal rule failed.

        A rule that had nothing to judge does not block by itself: each source has a fatal rule on its row count,
        which does. It stays a finding, so that nobody takes it for a pass.
        """
        return self.severity is Severity.FATAL and self.status is Status.FAILED

    @property
    def is_finding(self) -> bool:
        """True where a person should look: anything that is not a pass."""
        return self.status is not Status.PASSED
