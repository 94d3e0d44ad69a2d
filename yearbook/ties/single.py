"""Rules on single cells: numbers that cannot be right, zeros nobody counted, changes out of the ordinary."""

from collections.abc import Sequence
from decimal import Decimal

from yearbook.catalog import Tie
from yearbook.quantity import PERCENT_DIGITS, Exact, Interval, plain, ratio, round_half_up
from yearbook.ties.answer import answer
from yearbook.ties.cells import Cell, Cells, told
from yearbook.ties.terms import bindings, codes_of, parts
from yearbook.verdict import Status, Verdict

HUNDRED = 100
NOTHING = Interval(0, 0)
TOLD_PARTS = 5


def judge_cells(tie: Tie, cells: Cells) -> list[Verdict]:
    """Every cell holds a number of the right kind: not blank, not negative, whole where things are counted."""
    breaches = []
    held = []
    for code in codes_of(tie, tie.left, tuple(cells.known)):
        cell = cells.get(code)
        fault = _fault(cell)
        if not fault:
            held.append(code)
        else:
            found = "空白" if cell is None else told(cell.value)
            breaches.append(
                answer(
                    tie,
                    Status.FAILED,
                    place=cells.place(code),
                    figures=(code,),
                    evaluated=1,
                    expected="不小于 0 的整数" if cell and cell.whole else "不小于 0 的数",
                    found=found,
                    detail=fault,
                )
            )
    return breaches + _rest(tie, held)


def _fault(cell: Cell | None) -> str:
    if cell is None:
        return "空白不是 0，没有的应填 0"
    if cell.value.high < 0:
        return "小于 0"
    exact = cell.value.low == cell.value.high
    if cell.whole and exact and Decimal(cell.value.low) % 1:
        return "不是整数"
    return ""


def judge_nil(tie: Tie, cells: Cells) -> list[Verdict]:
    """A zero is a zero only where somebody looked: rows were read, or the source may have none and was handed over."""
    zeros = [
        cell for code in codes_of(tie, tie.left, tuple(cells.known)) if (cell := cells.get(code)) and _is_zero(cell)
    ]
    unproved = [cell for cell in zeros if cell.rows_read == 0 and not cell.may_be_empty]
    breaches = [
        answer(
            tie,
            Status.FAILED,
            place=cell.place,
            figures=(cell.code,),
            evaluated=1,
            expected="读到 1 行以上",
            found="读到 0 行",
            detail="没有读到行的 0 不是数出来的 0",
        )
        for cell in unproved
    ]
    held = [cell.code for cell in zeros if cell.rows_read is not None and cell not in unproved]
    unknown = [cell.code for cell in zeros if cell.rows_read is None]
    if not zeros:
        return [answer(tie, Status.NOT_EVALUATED, evaluated=0, detail="没有为 0 的数")]
    return breaches + _rest(tie, held, unknown, why="不知道读了多少行")


def judge_emptied(tie: Tie, cells: Cells) -> list[Verdict]:
    """A whole list of figures is zero although rows were read for it: all of them were left out, which is rare."""
    breaches = []
    held: list[str] = []
    unread: list[str] = []
    for binding in bindings(tie.each):
        codes = [part.code for part in parts(tie, tie.left, binding, tuple(cells.known))]
        of = [cells[code] for code in codes if code in cells]
        rows = of[0].rows_read if of else None
        if not rows:
            unread += codes
        elif any(not _is_zero(cell) for cell in of):
            held += codes
        else:
            breaches.append(
                answer(
                    tie,
                    Status.FAILED,
                    place=of[0].place,
                    figures=tuple(codes),
                    evaluated=1,
                    expected="大于 0",
                    found="0",
                    detail=f"读到 {rows} 行，没有一行计入",
                )
            )
    return breaches + _rest(tie, held, unread, why="没有读到行，或者不知道读了多少行")


def judge_outlier(tie: Tie, cells: Cells) -> list[Verdict]:
    """Changes beyond the limit, with what each part adds to the change of the whole."""
    breaches = []
    held = []
    without = []
    for binding in bindings(tie.each):
        wholes = parts(tie, tie.left, binding, tuple(cells.known))
        members = [cells[p.code] for p in parts(tie, tie.right, binding, tuple(cells.known)) if p.code in cells]
        for whole in wholes:
            cell = cells.get(whole.code)
            if cell is None or cell.base is None:
                without.append(whole.code)
            elif _is_outlier(tie, cell.value, cell.base):
                breaches.append(_outlier(tie, cell, cell.base, members))
            else:
                held.append(cell.code)
    return breaches + _rest(tie, held, without, why="没有本年数或上年数")


def judge_restated(tie: Tie, cells: Cells) -> list[Verdict]:
    """The base of every cell is what last year's report published, for those whose published value is known."""
    breaches = []
    held = []
    unknown = []
    for code in codes_of(tie, tie.left, tuple(cells.known)):
        cell = cells.get(code)
        if cell is None or cell.base is None or cell.published is None:
            unknown.append(code)
        elif cell.base.meets(cell.published):
            held.append(code)
        else:
            exact = cell.base.low == cell.base.high and cell.published.low == cell.published.high
            breaches.append(
                answer(
                    tie,
                    Status.FAILED,
                    place=f"{cell.place}的上年数",
                    figures=(code,),
                    evaluated=1,
                    expected=told(cell.published),
                    found=told(cell.base),
                    difference=plain(cell.base.low - cell.published.low) if exact else None,
                )
            )
    return breaches + _rest(tie, held, unknown, why="没有上年公布的版次，或者没有上年数")


def _rest(tie: Tie, held: Sequence[str], unjudged: Sequence[str] = (), *, why: str = "") -> list[Verdict]:
    """One verdict for all cells that hold, one for all that could not be judged."""
    rest = []
    if held:
        rest.append(answer(tie, Status.PASSED, figures=tuple(held), evaluated=len(held)))
    if unjudged:
        rest.append(answer(tie, Status.NOT_EVALUATED, figures=tuple(unjudged), evaluated=0, detail=why))
    return rest


def _is_outlier(tie: Tie, now: Interval, base: Interval) -> bool:
    """True where the change is beyond the limit whatever values the numbers stand for.

    A fall never exceeds 100 percent, so a limit from there on is one of how many times: as many up as down.
    """
    limit = tie.limit or Decimal(0)
    rise, fall = now.low - base.high, base.low - now.high
    least, of = (rise, base.high) if rise > 0 else (fall, now.high if limit >= HUNDRED else base.low)
    if least <= 0 or least < (tie.least or 0):
        return False
    return ratio(least * HUNDRED, max(of, 1)) > limit


def _outlier(tie: Tie, cell: Cell, base: Interval, members: Sequence[Cell]) -> Verdict:
    exact = cell.value.low == cell.value.high and base.low == base.high
    difference = cell.value.low - base.low
    if not exact:
        found = f"上年 {told(base)}，本年 {told(cell.value)}"
    elif base.low == 0:
        found = f"上年为 0，本年 {told(cell.value)}"
    else:
        percent = round_half_up(ratio(difference * HUNDRED, base.low), PERCENT_DIGITS)
        found = f"{'增加' if difference > 0 else '减少'} {abs(percent)}%"
    return answer(
        tie,
        Status.FAILED,
        place=cell.place,
        figures=(cell.code, *(member.code for member in members)),
        evaluated=1,
        expected=_expected(tie.limit or Decimal(0)),
        found=found,
        difference=plain(difference) if exact else None,
        detail=_contributions(members, base, cell) if exact and base.low else "",
    )


def _expected(limit: Decimal) -> str:
    if limit < HUNDRED:
        return f"变化不超过 {plain(limit)}%"
    times = plain(1 + limit / HUNDRED)
    return f"不超过上年的 {times} 倍，不少于上年的 {times} 分之一"


def _contributions(members: Sequence[Cell], base: Interval, whole: Cell) -> str:
    """Percentage points of the whole's change by part, the largest first; of another list nothing is its part."""
    points: list[tuple[Decimal, str]] = []
    for member in members:
        if member.base is not None and member.code.partition(".")[0] == whole.code.partition(".")[0]:
            moved: Exact = member.value.low - member.base.low
            points.append((round_half_up(ratio(moved * HUNDRED, base.low), PERCENT_DIGITS), member.label))
    points.sort(key=lambda point: (-abs(point[0]), point[1]))
    told_parts = "、".join(f"{label} {'+' if point > 0 else ''}{point}" for point, label in points[:TOLD_PARTS])
    more = f"等 {len(points)} 项" if len(points) > TOLD_PARTS else ""
    return f"对变化的贡献（百分点）：{told_parts}{more}" if points else ""


def _is_zero(cell: Cell) -> bool:
    return cell.value.low == 0 == cell.value.high
