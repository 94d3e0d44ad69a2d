"""What the notes and the list of rules may say on the web page, derived again from the figures and the verdicts."""

from collections import Counter
from collections.abc import Iterator

from yearbook.figure import Figure
from yearbook.quantity import Exact
from yearbook.report.model import (
    Aspect,
    Block,
    Chart,
    Inline,
    Listing,
    Number,
    Paragraph,
    Report,
    StatutoryTable,
)
from yearbook.report.readback.reading import bare
from yearbook.report.verdicts import attention, open_rules
from yearbook.verdict import Status
from yearbook.wording import change_words, printed

PREAMBLE = "前言"


def note_texts(figure: Figure, base_year: int) -> frozenset[str]:
    """Every text with numbers that may stand in the note of a figure; an entry's name stands before its description.

    Args:
        figure: The figure.
        base_year: The year its base belongs to.
    """
    value = _grouped(figure.value) + figure.unit.value
    base = "无可比数" if figure.base is None else _grouped(figure.base) + figure.unit.value
    label = figure.name.partition("·")[2] or figure.name
    said = (
        figure.name,
        label,
        value,
        label + value,
        f"印刷写法：{printed(figure).text}",
        f"{base_year}年",
        f"{base_year}年：{base}",
        f"变动：{''.join(change_words(figure, base_year))}",
        f"口径：{figure.definition}",
        f"依据：{figure.basis}",
        f"来源：{figure.sql_name}（{figure.sql_digest[:12]}），计入{_grouped(figure.row_count)}行",
    )
    return frozenset(bare(text) for text in said)


def rule_texts(report: Report) -> frozenset[str]:
    """Every line of the list of rules: each rule by its gravest answer, and how many passed."""
    gravest = {v.code: v for v in sorted(report.verdicts, key=attention, reverse=True)}
    lines = {f"{v.status.label}{v.code}{v.say}（{v.severity.label}）" for v in gravest.values()}
    passed = sum(verdict.status is Status.PASSED for verdict in gravest.values())
    return frozenset(bare(line) for line in lines | {f"通过的规则{passed}条"})


def guard_texts(report: Report) -> dict[str, frozenset[str]]:
    """What the note behind each figure may say of its rules, by figure code."""
    told = {(v.code, v.status): f"核对：{v.status.label}·{v.severity.label}{v.code}{v.say}" for v in report.verdicts}
    answered = {verdict.code for verdict in report.verdicts}
    texts = {}
    for code, rules in open_rules(report).items():
        lines = {told[pair] for pair in rules.items() if pair in told}
        lines |= {f"核对：{status.label}{rule}" for rule, status in rules.items() if rule not in answered}
        passed = [rule for rule in report.figures[code].rules if rule not in rules]
        lines.add(f"核对：通过{len(passed)}条{''.join(passed)}各条内容")
        texts[code] = frozenset(bare(line) for line in lines)
    return texts


def other_texts(report: Report) -> dict[str, frozenset[str]]:
    """Values of earlier years and of the edition before that a note tells, by figure code."""
    found: dict[str, dict[str, None]] = {}
    for number in _numbers(report):
        if number.exact is not None and number.aspect in {Aspect.BEFORE, Aspect.EARLIER}:
            when = "更正前" if number.aspect is Aspect.BEFORE else f"{number.year}年"
            amount = f"{_grouped(number.exact)}{report.figures[number.figure].unit.value}"
            found.setdefault(number.figure, {})[f"{when}：{amount}"] = None
    return {code: frozenset([bare(f"另有：{'；'.join(lines)}")]) for code, lines in found.items()}


def ways_back(report: Report) -> tuple[dict[str, str], Counter[str]]:
    """Links from a note to every place where its number is printed.

    Returns:
        The line of each figure by its code, and the spoken names of all links, each with how often it stands.
    """
    places: dict[str, list[str]] = {}
    for code, part in _printed_at(report):
        places.setdefault(code, []).append(bare(part))
    lines: dict[str, str] = {}
    spoken: Counter[str] = Counter()
    for code, parts in places.items():
        seen: Counter[str] = Counter()
        line = "返回"
        for part in parts:
            seen[part] += 1
            line += part if seen[part] == 1 else f"第{seen[part]}处"
            spoken[f"返回{part}" + (f"第{seen[part]}处" if seen[part] > 1 else "")] += 1
        lines[code] = f"{line}收起"
    return lines, spoken


def _printed_at(report: Report) -> Iterator[tuple[str, str]]:
    """Figure code and part of the report of every number, as the page hands out its anchors."""
    for paragraph in report.preamble:
        yield from ((number.figure, PREAMBLE) for number in _of(paragraph.inlines))
    for section in (*report.sections, *report.annexes):
        for block in section.blocks:
            yield from ((code, section.title) for code in _codes(block))


def _codes(block: Block) -> Iterator[str]:
    if isinstance(block, StatutoryTable):
        yield from (cell.figure for cell in block.form.number_cells() if cell.figure is not None)
    else:
        yield from (number.figure for number in _in(block))


def _in(block: Block) -> Iterator[Number]:
    if isinstance(block, Paragraph):
        yield from _of(block.inlines)
    elif isinstance(block, Chart):
        yield from (n for bar in block.bars for n in (bar.number, bar.note) if n is not None)
    elif isinstance(block, Listing):
        yield from (n for row in block.rows for cell in row for n in _of(cell))


def _numbers(report: Report) -> Iterator[Number]:
    yield from (number for paragraph in report.preamble for number in _of(paragraph.inlines))
    for section in (*report.sections, *report.annexes):
        yield from (number for block in section.blocks for number in _in(block))


def _of(inlines: tuple[Inline, ...]) -> Iterator[Number]:
    yield from (part for part in inlines if isinstance(part, Number))


def _grouped(value: Exact) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,f}"
