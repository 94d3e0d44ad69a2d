"""Numbers in the prose: against the cells, against their total, against what they are a share of.

Every number is an interval, and a rule breaks only where no choice of values could make the sentence true.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from yearbook.catalog import Tie
from yearbook.quantity import Interval, plain, round_half_up
from yearbook.ties.answer import answer
from yearbook.ties.cells import Cell, Cells, gap_of, told
from yearbook.ties.numerals import read_numeral
from yearbook.ties.passages import Document, Growth, ItemList, Mention, Share, ShareSet
from yearbook.ties.terms import codes_of
from yearbook.verdict import Status, Verdict

HUNDRED = 100
# Printed with the gap of a percentage that cannot be reproduced.
TOLD_DIGITS = 4
UNSAID = "未注明的口径"


@dataclass(frozen=True, slots=True)
class _Gap:
    """What broke at one place."""

    place: str
    code: str
    expected: str
    found: str
    difference: str
    detail: str = ""


def judge_mentions(tie: Tie, document: Document, cells: Cells) -> list[Verdict]:
    """Numbers in the prose agree with the cells they speak of, where scope and counting basis are the same.

    Args:
        tie: The rule; with ``left`` only numbers of those figures are looked at.
        document: The report.
        cells: The report's cells.

    Returns:
        One verdict per disagreement, one per number that cannot be compared, one for all that agree.
    """
    return _agree(tie, document.mentions, cells, place="正文中的数", nothing="正文没有提到这些数")


def judge_printed(tie: Tie, document: Document, cells: Cells) -> list[Verdict]:
    """Numbers printed in the statutory tables, read back, are those that were counted; else as ``judge_mentions``."""
    unread = [mention for mention in document.printed if mention.interval is None]
    gaps = [_Gap(m.place, m.code, told(cells[m.code].value), m.text, "", "读不出数值") for m in unread]
    read = [mention for mention in document.printed if mention.interval is not None]
    if gaps and not read:
        return [_failed(tie, gap) for gap in gaps]
    return [
        *(_failed(tie, gap) for gap in gaps),
        *_agree(tie, read, cells, place="表格中印的数", nothing="没有读回的表格"),
    ]


def _agree(tie: Tie, mentions: Iterable[Mention], cells: Cells, *, place: str, nothing: str) -> list[Verdict]:
    wanted = _wanted(tie, cells)
    single: list[Verdict] = []
    held: list[str] = []
    for mention in mentions:
        cell = cells.get(mention.code)
        if cell is None or (wanted is not None and mention.code not in wanted):
            continue
        if reason := _incomparable(mention, cell):
            single.append(_unjudged(tie, mention.place, mention.code, reason))
        elif mention.interval is not None and (gap := gap_of("=", mention.interval, cell.value)):
            single.append(
                _failed(tie, _Gap(mention.place, mention.code, told(cell.value), mention.text, plain(gap), cell.place))
            )
        else:
            held.append(mention.code)
    return _with_rest(tie, single, held, place=place, nothing=nothing)


def _incomparable(mention: Mention, cell: Cell) -> str:
    if mention.interval is None:
        return f"“{mention.text}”读不出数值"
    words = _different(mention.scope, cell.scope) or _different(mention.counting, cell.counting)
    return f"口径不同，不作比较：{words}" if words else ""


def _different(prose: str, cell: str) -> str:
    return "" if prose == cell else f"正文为{prose or UNSAID}，表格为{cell or UNSAID}"


def judge_lists(tie: Tie, document: Document, cells: Cells) -> list[Verdict]:
    """Listed numbers add up to their total where the list is whole; of any other list no part exceeds the total."""
    wanted = _wanted(tie, cells)
    lists = [listed for listed in document.lists if wanted is None or listed.code in wanted]
    single: list[Verdict] = []
    held: list[str] = []
    for listed in lists:
        if listed.total is None or not listed.parts:
            single.append(_unjudged(tie, listed.place, listed.code, "没有写明总数或读不出数值"))
        elif gap := _left_out(listed) or _list_gap(listed, listed.total):
            single.append(_failed(tie, gap))
        else:
            held.append(listed.code)
    return _with_rest(tie, single, held, place="正文中的分项", nothing="正文没有分项")


def _left_out(listed: ItemList) -> _Gap | None:
    if not listed.left_out:
        return None
    return _Gap(
        listed.place, listed.code, "逐项列全", f"漏了 {'、'.join(listed.left_out)}", "", "没有列全的写“其中主要有”"
    )


def _list_gap(listed: ItemList, total: Interval) -> _Gap | None:
    if not listed.exhaustive:
        largest = max(listed.parts, key=lambda part: part.low)
        if largest.low <= total.high:
            return None
        over = largest.low - total.high
        return _Gap(listed.place, listed.code, f"<= {told(total)}", told(largest), plain(over), "一个分项大于总数")
    added = listed.parts[0]
    for part in listed.parts[1:]:
        added += part
    gap = gap_of("=", added, total)
    return _Gap(listed.place, listed.code, told(total), told(added), plain(gap), "分项之和") if gap else None


def judge_shares(tie: Tie, document: Document, cells: Cells) -> list[Verdict]:
    """Percentages follow from the numbers they are made of, and a complete set adds up to 100 percent."""
    wanted = _wanted(tie, cells)
    single: list[Verdict] = []
    held: list[str] = []
    items: tuple[ShareSet | Growth, ...] = (*document.shares, *document.growths)
    for item in items:
        if wanted is not None and item.code not in wanted:
            continue
        gaps, judged = _shares_gaps(item) if isinstance(item, ShareSet) else _growth_gaps(item)
        single += [_failed(tie, gap) for gap in gaps]
        held += [item.code] * (judged - len(gaps))
        if not judged:
            single.append(_unjudged(tie, item.place, item.code, "没有写明由哪些数算出，或读不出数值"))
    return _with_rest(tie, single, held, place="正文中的百分比", nothing="正文没有百分比")


def _shares_gaps(of: ShareSet) -> tuple[list[_Gap], int]:
    """What broke, and how many percentages and sums were judged."""
    gaps: list[_Gap] = []
    judged = 0
    for share in of.shares:
        if limits := _share_limits(share):
            judged += 1
            gaps += _percent_gap(of.place, of.code, share.text, limits)
    read = [read_numeral(share.text) for share in of.shares]
    printed = [numeral.interval for numeral in read if numeral is not None]
    if of.complete and len(printed) == len(of.shares):
        judged += 1
        low = sum((Fraction(share.low) for share in printed), Fraction(0))
        high = sum((Fraction(share.high) for share in printed), Fraction(0))
        if not low <= HUNDRED <= high:
            middle = (low + high) / 2
            gaps.append(_Gap(of.place, of.code, "100%", f"{_told(middle)}%", _told(middle - HUNDRED), "一组比例之和"))
    return gaps, judged


def _share_limits(share: Share) -> tuple[Fraction, Fraction] | None:
    if share.part is None or share.whole is None or share.whole.low <= 0:
        return None
    return (
        Fraction(share.part.low) * HUNDRED / Fraction(share.whole.high),
        Fraction(share.part.high) * HUNDRED / Fraction(share.whole.low),
    )


def _growth_gaps(growth: Growth) -> tuple[list[_Gap], int]:
    if growth.years and growth.years[0] != growth.years[1]:
        said, base = growth.years
        return [_Gap(growth.place, growth.code, f"与 {base} 年相比", f"与 {said} 年相比", "", "上年的年份")], 1
    if growth.base is None or growth.now is None or growth.base.low <= 0:
        return [], 0
    least = (Fraction(growth.now.low) / Fraction(growth.base.high) - 1) * HUNDRED
    most = (Fraction(growth.now.high) / Fraction(growth.base.low) - 1) * HUNDRED
    return _percent_gap(growth.place, growth.code, growth.text, (least, most), fell=growth.fell), 1


def _percent_gap(
    place: str, code: str, text: str, limits: tuple[Fraction, Fraction], *, fell: bool = False
) -> list[_Gap]:
    """What is wrong with a printed percentage that must lie within limits; a fall counts as negative."""
    numeral = read_numeral(text)
    if numeral is None:
        return [_Gap(place, code, "百分比", text, "", "读不出数值")]
    low, high = Fraction(numeral.interval.low), Fraction(numeral.interval.high)
    if fell:
        low, high = -high, -low
    if low <= limits[1] and limits[0] <= high:
        return []
    gap = low - limits[1] if low > limits[1] else high - limits[0]
    expected = "—".join(dict.fromkeys(f"{_told(limit)}%" for limit in limits))
    return [_Gap(place, code, expected, f"{'减少' if fell else ''}{text}", _told(gap))]


def _told(value: Fraction) -> str:
    digits = round_half_up(Decimal(value.numerator) / Decimal(value.denominator), TOLD_DIGITS)
    return plain(digits).rstrip("0").rstrip(".") or "0"


def _wanted(tie: Tie, cells: Cells) -> frozenset[str] | None:
    """Codes that the rule's ``left`` names; None where it names none and so looks at everything."""
    return frozenset(codes_of(tie, tie.left, tuple(cells.known))) if tie.left else None


def _failed(tie: Tie, gap: _Gap) -> Verdict:
    return answer(
        tie,
        Status.FAILED,
        place=gap.place,
        figures=_figures([gap.code]),
        evaluated=1,
        expected=gap.expected,
        found=gap.found,
        difference=gap.difference or None,
        detail=gap.detail,
    )


def _unjudged(tie: Tie, place: str, code: str, reason: str) -> Verdict:
    return answer(tie, Status.NOT_EVALUATED, place=place, figures=_figures([code]), evaluated=0, detail=reason)


def _with_rest(tie: Tie, single: list[Verdict], held: list[str], *, place: str, nothing: str) -> list[Verdict]:
    """The verdicts on single places and one on all places that hold, or one that there was nothing to judge."""
    if held:
        return [*single, answer(tie, Status.PASSED, place=place, figures=_figures(held), evaluated=len(held))]
    if single:
        return single
    return [answer(tie, Status.NOT_EVALUATED, place=place, evaluated=0, detail=nothing)]


def _figures(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for code in codes if code))
