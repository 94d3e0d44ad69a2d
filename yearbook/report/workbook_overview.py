"""The sheet of all figures against the year before; what follows from the cells beside it is a formula of them.

A formula is written only where a spreadsheet, which calculates with floats, gives the printed number without doubt.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from yearbook.change import Kind, contribution
from yearbook.figure import Figure, Figures
from yearbook.quantity import PERCENT_DIGITS, Exact, ratio
from yearbook.report.model import Report
from yearbook.report.sheets import Styled, decimals, fits, number_format
from yearbook.report.verdicts import open_rules
from yearbook.verdict import Status
from yearbook.wording import change_words, printed

OVERVIEW = {
    "指标": 23,
    "分项": 31,
    "本年数": 14,
    "上年数": 14,
    "增减": 13,
    "增减（%）": 10,
    "对总量增减的贡献（百分点）": 14,
    "单位": 5,
    "印刷写法": 12,
    "规则结论": 29,
    "说明": 23,
}
NO_BASE, ZERO_BASE, NONE = "上年无可比数", "上年为零", "—"
FIRST_ROW = 2
# A quotient this near to the middle of two printed numbers could be rounded to either.
DOUBT = Decimal("0.000001")
MIDDLE = Decimal("0.5")


def overview_rows(report: Report) -> Iterator[list[Styled]]:
    """A row for every figure, in catalogue order; the first stands in row 2 of its sheet."""
    figures, findings = report.figures, open_rules(report)
    places = {code: row for row, code in enumerate(figures, start=FIRST_ROW)}
    for code, figure in figures.items():
        yield _row(figure, figures, places, findings[code], report.year - 1)


def whole_of(figure: Figure, figures: Figures) -> Figure | None:
    """The total that a figure is part of: the same code with ``total`` as its last member."""
    stem, dot, _ = figure.code.rpartition(".")
    code = f"{stem}.total" if dot else figure.code
    if code not in figures:
        return None
    return figures[code]


def is_certain(numerator: Exact, denominator: Exact) -> bool:
    """True where the percent of two numbers is rounded to the same by floats as by exact numbers."""
    steps = abs(ratio(numerator * 100, denominator)).scaleb(PERCENT_DIGITS)
    return abs(steps % 1 - MIDDLE) > DOUBT


def _row(
    figure: Figure, figures: Figures, places: Mapping[str, int], findings: Mapping[str, Status], base_year: int
) -> list[Styled]:
    style = "sum" if figure.code.endswith(".total") else ""
    title, _, member = figure.name.partition("·")
    here = places[figure.code]
    base = Styled(NO_BASE, f"{style} right soft")
    if figure.base is not None:
        base = Styled(figure.base, f"{style}|{number_format(figure.base)}")
    return [
        Styled(title, style),
        Styled(member or figure.label, style),
        Styled(figure.value, f"{style}|{number_format(figure.value)}"),
        base,
        _difference(figure, here, style),
        _percent(figure, here, style),
        _share(figure, whole_of(figure, figures), places, style),
        Styled(figure.unit.value, f"{style} center"),
        Styled(printed(figure).text, f"{style} right"),
        _conclusion(figure, findings, style),
        Styled("".join(change_words(figure, base_year)), style),
    ]


def _signed(value: Exact | None, style: str, formula: str = "") -> Styled:
    if value is None:
        return Styled(NONE, f"{style} right soft")
    plain_format = number_format(value)
    return Styled(value, f"{style}|+{plain_format};-{plain_format};{plain_format}", formula)


def _are_numbers(*values: Exact | None) -> bool:
    return all(value is not None and fits(value) for value in values)


def _difference(figure: Figure, row: int, style: str) -> Styled:
    difference = figure.change.difference
    if difference is None or not _are_numbers(figure.value, figure.base, difference):
        return _signed(difference, style)
    places = decimals(difference)
    formula = f"=ROUND(C{row}-D{row},{places})" if places else f"=C{row}-D{row}"
    return _signed(difference, style, formula)


def _percent(figure: Figure, row: int, style: str) -> Styled:
    change = figure.change
    if figure.base == 0:
        return Styled("持平" if change.kind is Kind.EQUAL else ZERO_BASE, f"{style} right soft")
    if change.difference is None or figure.base is None:
        return _signed(None, style)
    sure = _are_numbers(figure.value, figure.base, change.difference) and is_certain(change.difference, figure.base)
    return _signed(change.percent, style, f"=ROUND(E{row}/D{row}*100,{PERCENT_DIGITS})" if sure else "")


def _share(figure: Figure, whole: Figure | None, places: Mapping[str, int], style: str) -> Styled:
    share = None if whole is None else contribution(figure.change, whole.change)
    difference = figure.change.difference
    if whole is None or whole.base is None or share is None or difference is None:
        return _signed(share, style)
    sure = _are_numbers(figure.value, figure.base, difference, whole.base) and is_certain(difference, whole.base)
    formula = f"=ROUND(E{places[figure.code]}/D{places[whole.code]}*100,{PERCENT_DIGITS})"
    return _signed(share, style, formula if sure else "")


def _conclusion(figure: Figure, findings: Mapping[str, Status], style: str) -> Styled:
    passed = len(figure.rules) - len(findings)
    words = [f"{Status.PASSED.label}（{passed}条）"] if passed else []
    for status in (Status.NOT_EVALUATED, Status.WAIVED, Status.FAILED):
        rules = [rule for rule, found in findings.items() if found is status]
        words[:0] = [f"{status.label}：{'、'.join(rules)}"] if rules else []
    if not words:
        return Styled("无规则", f"{style} soft")
    open_statuses = set(findings.values()) - {Status.NOT_EVALUATED}
    look = "warn" if open_statuses else "good" if passed else "soft"
    return Styled("；".join(words), f"{style} {look}")
