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
    """Outcome of one rule. Nothing evaluated and waived are outcomes of their own, never a pass."""

    PASSED = "passed"
    FAILED = "failed"
    WAIVED = "waived"
    NOT_EVALUATED = "not_evaluated"

    @property
    def label(self) -> str:
        """The word on pages and terminals."""
        return {"passed": "通过", "failed": "不通过", "waived": "已豁免", "not_evaluated": "未评估"}[self.value]


class Category(StrEnum):
    """Who stands behind a rule."""

    SOURCE = "source"
    FORM = "form"
    ARITHMETIC = "arithmetic"
    SUPERVISORY = "supervisory"
    PLAUSIBILITY = "plausibility"

    @property
    def label(self) -> str:
        """The word on pages and terminals."""
        words = {
            "source": "来源数据",
            "form": "格式原文",
            "arithmetic": "算术恒等",
            "supervisory": "监督核对",
            "plausibility": "合理性",
        }
        return words[self.value]


@dataclass(frozen=True, slots=True)
class Impact:
    """What the rows that broke a rule do to one figure.

    Attributes:
        figure: Code of the figure.
        name: Its Chinese name.
        unit: Its unit.
        base: True where the figure's base moves, False where its value does.
        counted: The number with the failing rows, as exact text; None where it cannot be counted with them.
        without: The number without them; None where it cannot be counted or nobody knows which rows are missing.
        difference: ``without - counted``; None where one of them is None.
    """

    figure: str
    name: str
    unit: str
    base: bool
    counted: str | None
    without: str | None
    difference: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One rule's answer. Holds counts and aggregates, never a row's value.

    Attributes:
        code: Stable code of the rule, as auditors cite it.
        say: The rule in words.
        say_en: The same in English.
        category: Who stands behind the rule.
        severity: Consequence of a failure.
        status: Outcome.
        source: Code of the source whose rows were judged; ``ties`` for rules between figures.
        extract: Code of the extract whose rows were judged; empty for rules between figures.
        base: True where the base year's rows were judged.
        place: Where it looked: source and table and column, or cells in the form's own words.
        evaluated: Rows or terms that were judged.
        failed: Rows or equations that broke the rule.
        expected: What should be, as text; None where the rule has no single value.
        found: What is.
        difference: ``found - expected`` where both are numbers.
        do: What to do when it fails.
        owner: Who does it.
        figures: Codes of the figures the rule guards.
        detail: What else there is to say: contributions, an explanation, why it was waived or not judged.
        rows: References of the failing rows, keyed so that they mean nothing outside this run; the first ones only.
        impact: Figures that would move without the failing rows.
    """

    code: str
    say: str
    say_en: str = ""
    category: Category = Category.SOURCE
    severity: Severity
    status: Status
    place: str
    source: str = ""
    extract: str = ""
    base: bool = False
    evaluated: int
    failed: int = 0
    expected: str | None = None
    found: str | None = None
    difference: str | None = None
    do: str = ""
    owner: str = ""
    figures: tuple[str, ...] = ()
    detail: str = ""
    rows: tuple[str, ...] = ()
    impact: tuple[Impact, ...] = ()

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
