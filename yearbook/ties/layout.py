"""The frame of a report: labels and titles of the form, day of publication, likeness with last year's text."""

import unicodedata
from collections.abc import Iterable
from decimal import Decimal

from yearbook.catalog import Tie
from yearbook.form.edition_2021 import SECTIONS, TABLES
from yearbook.period import ReportYear
from yearbook.quantity import plain
from yearbook.ties.answer import answer
from yearbook.ties.likeness import likeness
from yearbook.ties.passages import Document, Label
from yearbook.verdict import Status, Verdict

TITLES = "六个部分的标题"
NAMES = {2: "表二", 3: "表三", 4: "表四"}
FORM_LABELS = {(table.number, c.row, c.column): c.label for table in TABLES.values() for c in table.cells if c.label}


def judge_labels(tie: Tie, document: Document) -> list[Verdict]:
    """Labels of the tables and titles of the sections are the form's; blanks and punctuation are not compared.

    Args:
        tie: The rule.
        document: The report.

    Returns:
        One verdict per wrong label or title, and one for all that are right.
    """
    labels = [*document.labels, *_missing(document.labels)]
    wrong = [(_address(label), right, label.text) for label in labels if (right := _wrong(label)) is not None]
    titles = _wrong_titles(document.sections)
    judged = len(labels) + (len(SECTIONS) if document.sections else 0)
    breaches = [
        answer(tie, Status.FAILED, place=place, evaluated=1, expected=right, found=found or "没有")
        for place, right, found in (*wrong, *titles)
    ]
    if judged > len(breaches):
        return [*breaches, answer(tie, Status.PASSED, place="表格和标题", evaluated=judged - len(breaches))]
    return breaches or [answer(tie, Status.NOT_EVALUATED, place="表格和标题", evaluated=0, detail="没有表格和标题")]


def _wrong(label: Label) -> str | None:
    """What the form says at the place of a wrong label; None where it is right."""
    right = FORM_LABELS.get((label.table, label.row, label.column), "")
    return None if _bare(right) == _bare(label.text) else right.replace("\n", "")


def _missing(labels: Iterable[Label]) -> list[Label]:
    """Places without a label in tables of which others were printed."""
    printed = {(label.table, label.row, label.column) for label in labels}
    tables = {table for table, _, _ in printed}
    return [Label(*place, "") for place in FORM_LABELS if place not in printed and place[0] in tables]


def _address(label: Label) -> str:
    header_rows = TABLES[label.table].header_rows if label.table in TABLES else 0
    row = f"第{label.row - header_rows + 1}行" if label.row >= header_rows else "表头"
    return f"{NAMES.get(label.table, f'表{label.table}')} {row}第{label.column + 1}列"


def _wrong_titles(printed: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """Place, right title and printed title of every section that is not where and what it should be."""
    if not printed:
        return []
    padded = [*printed, *[""] * (len(SECTIONS) - len(printed))]
    wrong = [(TITLES, right, found) for right, found in zip(SECTIONS, padded, strict=False) if not _same(right, found)]
    return wrong + [(TITLES, "没有这一部分", extra) for extra in padded[len(SECTIONS) :]]


def _same(right: str, found: str) -> bool:
    return _bare(right) == _bare(found)


def _bare(label: str) -> str:
    """Letters and figures only, so that line breaks, blanks and the width of brackets do not matter."""
    return "".join(character for character in unicodedata.normalize("NFKC", label) if character.isalnum())


def judge_deadline(tie: Tie, document: Document, *, year: int, properties: frozenset[str]) -> list[Verdict]:
    """Published by 31 January of the next year, a government's summary by 31 March (《条例》第四十九条).

    Args:
        tie: The rule.
        document: The report.
        year: Report year.
        properties: Properties of the body; ``government`` gives it until 31 March.
    """
    last = ReportYear(year).deadline_of(properties)
    expected = f"<= {last.isoformat()}"
    if document.published_on is None and document.late is None:
        detail = f"还没有公布日期，最迟 {last.isoformat()}"
        return [answer(tie, Status.NOT_EVALUATED, place="公布日期", evaluated=0, detail=detail)]
    if document.published_on is None:
        status, found = (Status.FAILED, "在期限之后") if document.late else (Status.PASSED, "在期限以内")
        return [answer(tie, status, place="公布日期", evaluated=1, expected=expected, found=found)]
    late = (document.published_on - last).days
    if late <= 0:
        return [answer(tie, Status.PASSED, place="公布日期", evaluated=1)]
    return [
        answer(
            tie,
            Status.FAILED,
            place="公布日期",
            evaluated=1,
            expected=expected,
            found=document.published_on.isoformat(),
            difference=str(late),
            detail=f"晚 {late} 天",
        )
    ]


def judge_similar(tie: Tie, document: Document) -> list[Verdict]:
    """No more of the text than the limit stood in last year's report (同一句子字数占比).

    ``yearbook.ties.likeness`` is the measure. What stands before section one is prescribed wording and left out.

    Args:
        tie: The rule; its ``limit`` is a percentage.
        document: The report.
    """
    like = likeness((p.text for p in document.passages if p.section), document.earlier)
    percent = like.percent
    if percent is None:
        detail = "没有上年报告的文字" if like.sentences else "没有正文"
        return [answer(tie, Status.NOT_EVALUATED, place="正文", evaluated=0, detail=detail)]
    limit = tie.limit or Decimal(0)
    words = f"{like.sentences} 句中 {len(like.repeated)} 句与上年相同，字数占 {percent}%"
    if percent <= limit:
        return [answer(tie, Status.PASSED, place="正文", evaluated=like.sentences, detail=words)]
    [(longest, _)] = like.longest(1)
    return [
        answer(
            tie,
            Status.FAILED,
            place="正文",
            evaluated=like.sentences,
            expected=f"<= {plain(limit)}%",
            found=f"{percent}%",
            difference=plain(percent - limit),
            detail=f"{words}；最长的是“{longest}”",
        )
    ]
