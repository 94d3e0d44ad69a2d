"""Numbers that cannot stand beside each other: something published of a kind of which there is said to be nothing."""

from yearbook.catalog import Tie
from yearbook.quantity import plain
from yearbook.ties.answer import answer
from yearbook.ties.cells import Cell, Cells, told
from yearbook.ties.passages import Document, Mention
from yearbook.ties.terms import codes_of
from yearbook.verdict import Status, Verdict


def judge_beside(tie: Tie, document: Document, cells: Cells) -> list[Verdict]:
    """A number of ``left`` in the prose that is not 0 has a cell of ``right`` that is not 0 either.

    Args:
        tie: The rule.
        document: The report.
        cells: The report's cells.

    Returns:
        One verdict per number of the prose that stands beside nothing but zeros, with the place of both; one for all
        that do not; one that there was nothing to judge.
    """
    known = tuple(cells.known)
    if not document.mentions:
        return [_nothing(tie, "正文没有提到这些数")]
    left, right = (frozenset(codes_of(tie, terms, known)) for terms in (tie.left, tie.right))
    table = [cells[code] for code in known if code in right and code in cells]
    read = [m for m in document.mentions if m.code in left and m.interval is not None]
    if not read or not table:
        return [_nothing(tie, "缺少表格中的数" if read else "正文没有提到这些数")]
    alone = [m for m in read if _stands_alone(m, table)]
    found = [_failed(tie, mention, table) for mention in alone]
    if held := len(read) - len(alone):
        codes = tuple(dict.fromkeys([m.code for m in read if m not in alone] + [cell.code for cell in table]))
        found.append(answer(tie, Status.PASSED, place="正文和表格", figures=codes, evaluated=held))
    return found


def _nothing(tie: Tie, why: str) -> Verdict:
    return answer(tie, Status.NOT_EVALUATED, place="正文和表格", evaluated=0, detail=why)


def _stands_alone(mention: Mention, table: list[Cell]) -> bool:
    some = mention.interval is not None and mention.interval.low > 0
    return some and all(cell.value.high == 0 for cell in table)


def _failed(tie: Tie, mention: Mention, table: list[Cell]) -> Verdict:
    return answer(
        tie,
        Status.FAILED,
        place=f"{mention.place}；{'、'.join(cell.place for cell in table)}",
        figures=(mention.code, *(cell.code for cell in table)),
        evaluated=1,
        expected="表格中不全为0",
        found=f"正文{mention.text}，表格{'、'.join(told(cell.value) for cell in table)}",
        difference=plain(mention.interval.low) if mention.interval else None,
    )
