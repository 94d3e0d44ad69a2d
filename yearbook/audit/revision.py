"""A run beside the edition before it: words for the auditor's page, and the same as lines for machines."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from yearbook.audit.facts import ROLES, SourceFacts
from yearbook.quantity import Exact, plain
from yearbook.report.html import grouped
from yearbook.report.model import Report
from yearbook.report.tabular import BYTE_ORDER_MARK, neutral
from yearbook.revision import Counted, FigureDifference, InputDifference, Revision, RowDifference, TextDifference

NONE = "—"
COLUMNS = (
    "edition",
    "part",
    "code",
    "name",
    "unit",
    "then",
    "now",
    "difference",
    "base_then",
    "base_now",
    "base_difference",
)
FIGURE_PART, ROWS_PART, UNKNOWN_PART, TEXT_PART, REASON_PART = "figure", "rows", "not_kept", "text", "reason"


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure that differs; ``anchor`` is empty where the page of figures has it no more."""

    anchor: str
    code: str
    name: str
    unit: str
    then: str
    now: str
    difference: str
    base_then: str
    base_now: str
    base_difference: str


@dataclass(frozen=True, slots=True)
class RowView:
    """An extract then and now; the tone marks what differs."""

    source: str
    extract: str
    year: str
    role: str
    then: str
    now: str
    difference: str
    contents: str
    tone: str


@dataclass(frozen=True, slots=True)
class InputView:
    """An input that differs."""

    kind: str
    name: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The page: a sentence with its tone, why it was corrected, boxes, facts and four lists."""

    title: str
    causes: str
    tone: str
    tally: tuple[tuple[str, str, str], ...]
    facts: tuple[tuple[str, str, bool], ...]
    figures: tuple[FigureView, ...]
    rows: tuple[RowView, ...]
    inputs: tuple[InputView, ...]
    texts: tuple[TextDifference, ...]
    reason: str
    waits: bool


def comparison(revision: Revision, report: Report, sources: Iterable[SourceFacts]) -> Comparison:
    """A revision in the words of the page.

    Args:
        revision: What differs.
        report: The report of this run; figures that are in it are led to.
        sources: Sources, for their names.
    """
    names = {source.code: source.name for source in sources}
    return Comparison(
        title=revision.title,
        causes=revision.causes,
        tone="warn" if revision.differs else "good",
        tally=_tally(revision),
        facts=(
            ("对照的版次", f"第 {revision.edition} 版", False),
            ("该版的运行标识", revision.key_then, True),
            ("本次的运行标识", revision.key_now, True),
        ),
        figures=tuple(_figure(difference, report) for difference in revision.figures),
        rows=tuple(_row(difference, names) for difference in revision.rows),
        inputs=tuple(_input(difference) for difference in revision.inputs or ()),
        texts=revision.texts,
        reason=revision.reason,
        waits=revision.waits,
    )


def write_revision_csv(revision: Revision) -> bytes:
    """All differences as RFC 4180 lines in UTF-8 with a byte order mark, as ``figures.csv`` is written.

    The part says what a line holds: a figure, a sentence, why it was corrected, the rows of an extract (also where they
    are as before), or the kind of an input. Where the edition did not keep its inputs, one line says so.
    """
    out = io.StringIO(newline="")
    out.write(BYTE_ORDER_MARK)
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for line in _lines(revision):
        writer.writerow({"edition": str(revision.edition), **line})
    return out.getvalue().encode("utf-8")


def _tally(revision: Revision) -> tuple[tuple[str, str, str], ...]:
    new = sum(difference.then is None for difference in revision.figures)
    gone = sum(difference.now is None for difference in revision.figures)
    counts = {
        "变化的数字": len(revision.figures),
        "其中新增": new,
        "其中不再有": gone,
        "变化的文字": len(revision.texts),
    }
    if revision.inputs is not None:
        counts["内容不同的快照"] = sum(not row.same for row in revision.rows)
    return tuple((label, grouped(count), "warn" if count else "") for label, count in counts.items())


def _figure(difference: FigureDifference, report: Report) -> FigureView:
    then, now = difference.then, difference.now
    units = dict.fromkeys(side.unit for side in (then, now) if side)
    return FigureView(
        anchor=difference.code if difference.code in report.figures else "",
        code=difference.code,
        name=difference.name,
        unit=" → ".join(units),
        then=_value(then, "没有这个数字"),
        now=_value(now, "不再有"),
        difference=_signed(difference.difference),
        base_then=_base(then),
        base_now=_base(now),
        base_difference=_signed(difference.base_difference),
    )


def _row(difference: RowDifference, names: dict[str, str]) -> RowView:
    contents = "相同" if difference.same else "不同"
    if difference.then is None or difference.now is None:
        contents = "新增" if difference.then is None else "不再有"
    return RowView(
        source=names.get(difference.source, difference.source),
        extract=difference.extract,
        year=difference.year,
        role=ROLES.get(difference.role, difference.role),
        then=NONE if difference.then is None else grouped(difference.then),
        now=NONE if difference.now is None else grouped(difference.now),
        difference=_signed(difference.difference),
        contents=contents,
        tone="" if difference.same else "strong warn",
    )


def _input(difference: InputDifference) -> InputView:
    return InputView(difference.label, difference.name, difference.then or "没有", difference.now or "不再有")


def _value(side: Counted | None, absent: str) -> str:
    return absent if side is None else grouped(side.value)


def _base(side: Counted | None) -> str:
    if side is None:
        return NONE
    return "无可比数" if side.base is None else grouped(side.base)


def _signed(value: Exact | None) -> str:
    """A difference with its sign; zero has none."""
    if value is None:
        return NONE
    return f"+{grouped(value)}" if value > 0 else grouped(value).replace("-", "−")


def _lines(revision: Revision) -> Iterable[dict[str, str]]:
    for figure in revision.figures:
        then, now = figure.then, figure.now
        yield {
            "part": FIGURE_PART,
            "code": neutral(figure.code),
            "name": neutral(figure.name),
            "unit": " ".join(dict.fromkeys(side.unit for side in (then, now) if side)),
            "then": _text(then.value if then else None),
            "now": _text(now.value if now else None),
            "difference": _text(figure.difference),
            "base_then": _text(then.base if then else None),
            "base_now": _text(now.base if now else None),
            "base_difference": _text(figure.base_difference),
        }
    for text in revision.texts:
        sides = {"then": neutral(text.then or ""), "now": neutral(text.now or "")}
        yield {"part": TEXT_PART, "name": neutral(text.place), **sides}
    if revision.reason:
        yield {"part": REASON_PART, "name": neutral(revision.reason)}
    for row in revision.rows:
        numbers = {"then": _text(row.then), "now": _text(row.now), "difference": _text(row.difference)}
        yield {"part": ROWS_PART, "code": "/".join((row.role, row.source, row.extract, row.year)), **numbers}
    if revision.inputs is None:
        yield {"part": UNKNOWN_PART, "name": revision.causes}
    for item in revision.inputs or ():
        sides = {"then": neutral(item.then or ""), "now": neutral(item.now or "")}
        yield {"part": item.kind, "code": neutral(item.name), "name": item.label, **sides}


def _text(value: Exact | None) -> str:
    return "" if value is None else plain(value)
