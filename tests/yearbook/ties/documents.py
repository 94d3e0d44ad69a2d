"""Documents for the tests of rules on the document: rules, small ones, and the reports that bodies published."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from yearbook.catalog import Tie
from yearbook.form.edition_2021 import SECTIONS
from yearbook.quantity import Interval
from yearbook.ties.cells import Cell, Cells
from yearbook.ties.document import judge_document
from yearbook.ties.numerals import read_numeral
from yearbook.ties.passages import Document, Growth, ItemList, Mention, Passage, Share, ShareSet
from yearbook.verdict import Category, Severity, Status, Verdict

PUBLISHED = Path(__file__).resolve().parents[2] / "published"
REPORTS: dict[str, dict[str, Any]] = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(PUBLISHED.glob("*.toml"))
}
# Whom the tables of each report cover; prose that does not say speaks of the same.
COVERED = {"ganzhou_jkq_2023": "本级", "hongze_2024": "全区", "huaian_2024": "全市", "shuyang_2025": "全县"}
OTHER_BASIS = "另一统计口径"
NOWHERE = Cells((), ())


def tie(kind: str, **more: Any) -> Tie:
    entry = {
        "code": "D-9",
        "category": Category.SUPERVISORY,
        "severity": Severity.WARNING,
        "say": "应当如此。",
        "say_en": "It should be so.",
        "do": "改正。",
        "owner": "综合办",
        "basis": "测试",
        "since": 2021,
    }
    return Tie.model_validate(entry | {"kind": kind} | more)


def judged(
    kind: str,
    document: Document,
    cells: Cells = NOWHERE,
    *,
    year: int = 2023,
    properties: frozenset[str] = frozenset(),
    **more: Any,
) -> tuple[Verdict, ...]:
    return judge_document([tie(kind, **more)], document, cells, year=year, properties=properties)


def failed(verdicts: tuple[Verdict, ...]) -> list[Verdict]:
    return [verdict for verdict in verdicts if verdict.status is Status.FAILED]


def passage(text: str, section: str = SECTIONS[0]) -> Document:
    return Document(passages=(Passage(section, text),))


def cells(values: Mapping[str, int | Interval], *, scope: str = "", counting: str = "") -> Cells:
    spans = {code: value if isinstance(value, Interval) else Interval(value, value) for code, value in values.items()}
    listed = [
        Cell(code=c, place=f"表 {c}", label=c, value=span, scope=scope, counting=counting) for c, span in spans.items()
    ]
    return Cells(listed, tuple(values))


def interval(text: str) -> Interval:
    numeral = read_numeral(text)
    assert numeral is not None, text
    return numeral.interval


def published_cells(name: str) -> Cells:
    """The tables of a published report, blank cells left out."""
    printed = REPORTS[name]["cells"]
    fee = "administrative_fees"
    values = {code: interval(f"{text}万元" if code == fee else text) for code, text in printed.items() if text}
    return cells(values, scope=COVERED[name])


def published(name: str) -> Document:
    """A published report as its fixture transcribes it."""
    report = REPORTS[name]
    return Document(
        title=report["title"],
        passages=tuple(Passage(entry["section"], entry["text"]) for entry in report["paragraph"]),
        mentions=tuple(_mention(name, entry) for entry in report["mention"]),
        lists=tuple(_list(entry) for entry in report.get("list", [])),
        shares=tuple(_shares(entry) for entry in report.get("share", [])),
        growths=tuple(_growth(entry) for entry in report.get("growth", [])),
    )


def _mention(name: str, entry: Mapping[str, str]) -> Mention:
    other = {(said["code"], said["printed"]) for said in REPORTS[name].get("difference", []) if said["kind"] == "basis"}
    return Mention(
        code=entry["code"],
        text=entry["printed"],
        interval=interval(entry["printed"]),
        place=entry["text"],
        scope=entry["scope"] or COVERED[name],
        counting=OTHER_BASIS if (entry["code"], entry["printed"]) in other else "",
    )


def _list(entry: Mapping[str, Any]) -> ItemList:
    return ItemList(
        code=entry["code"],
        total=interval(entry["total_printed"]),
        parts=tuple(interval(part) for part in entry["parts"]),
        exhaustive=entry["exhaustive"],
        place=entry["text"],
    )


def _shares(entry: Mapping[str, Any]) -> ShareSet:
    part, whole = (interval(entry[key]) if key in entry else None for key in ("part", "whole"))
    shares = tuple(Share(text, part, whole) for text in entry["printed"])
    return ShareSet(code=entry["code"], shares=shares, complete=entry["complete"], place=entry["text"])


def _growth(entry: Mapping[str, str]) -> Growth:
    base, now = (interval(entry[key]) if entry[key] else None for key in ("base", "now"))
    return Growth(
        code=entry["code"],
        text=entry["printed"],
        fell=entry["direction"] == "减少",
        base=base,
        now=now,
        place=entry["text"],
    )


def replaced(document: Document, index: int, text: str) -> Document:
    """The document with one passage's text changed."""
    passages = list(document.passages)
    passages[index] = replace(passages[index], text=text)
    return replace(document, passages=tuple(passages))
