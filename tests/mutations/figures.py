"""Numbers of the statutory tables typed over, as in a draft that goes through hands."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from random import Random

from tests.mutations.fault import FIGURES, CellsTyped, Fault
from tests.mutations.material import Clean
from yearbook.form.edition_2021 import TABLES
from yearbook.form.table import FormCell
from yearbook.quantity import plain, wan_yuan
from yearbook.wording import printed

FEES = "administrative_fees"
CELLS = tuple(cell for table in TABLES.values() for cell in table.number_cells() if cell.figure)
ADDRESS = {cell.figure: cell.address for cell in CELLS if cell.figure}


def faults(clean: Clean) -> Iterator[Fault]:
    """Every fault of these families."""
    shown = {code: printed(clean.figures[code]).number for code in ADDRESS}
    before = {code: clean.figures[code].base for code in ADDRESS}
    yield from _by_one(shown)
    yield from _scaled(shown)
    yield from _exchanged(shown)
    yield from _rows(shown)
    yield from _totals(shown)
    yield from _last_year(shown, {code: base for code, base in before.items() if base is not None})
    yield from _money(shown, Decimal(clean.figures[FEES].value))


def _fault(family: str, words: str, cells: Mapping[str, str]) -> Fault:
    return Fault(FIGURES, family, words, CellsTyped(dict(cells)))


def _by_one(shown: Mapping[str, str]) -> Iterator[Fault]:
    """Every cell, one up or one down in turn."""
    for position, (code, text) in enumerate(shown.items()):
        step = 1 if position % 2 else -1
        yield _fault("差一", f"{ADDRESS[code]}，{'多' if step > 0 else '少'} 1", {code: plain(Decimal(text) + step)})


def _sample(codes: Sequence[str], count: int, seed: int) -> list[str]:
    return Random(seed).sample(list(codes), count)


def _scaled(shown: Mapping[str, str]) -> Iterator[Fault]:
    counts = [code for code in shown if code != FEES and len(shown[code]) > 1]
    for code in (*_sample(counts, 24, 501), "licensing_decisions"):
        yield _fault("多一个 0", ADDRESS[code], {code: shown[code] + "0"})
    for code in (*_sample(counts, 24, 502), "penalty_decisions"):
        yield _fault("少一位", ADDRESS[code], {code: shown[code][:-1]})
    differing = [code for code in counts if shown[code][-1] != shown[code][-2]]
    for code in (*_sample(differing, 25, 503), "licensing_decisions", "compulsion_measures"):
        turned = shown[code][:-2] + shown[code][-1] + shown[code][-2]
        yield _fault("数字颠倒", ADDRESS[code], {code: turned})
    for code in (*_sample(list(shown), 25, 504), "licensing_decisions", FEES):
        yield _fault("空白", ADDRESS[code], {code: ""})


def _neighbours() -> Iterator[tuple[FormCell, FormCell]]:
    """Cells side by side in one row of a table."""
    for left, right in pairwise(CELLS):
        if left.row == right.row and left.column < right.column:
            yield left, right


def _exchanged(shown: Mapping[str, str]) -> Iterator[Fault]:
    pairs = [(left.figure or "", right.figure or "") for left, right in _neighbours()]
    for left, right in Random(505).sample(pairs, 40):
        yield _fault("左右对换", f"{ADDRESS[left]}与右边一格", {left: shown[right], right: shown[left]})


def _rows(shown: Mapping[str, str]) -> Iterator[Fault]:
    """Rows of table three: two exchanged, all cells one column to the right, one row printed twice."""
    rows: dict[str, list[str]] = {}
    for code in shown:
        if code.startswith("applications_"):
            rows.setdefault(code.rpartition(".")[0], []).append(code)
    names = list(rows)
    for first, second in pairwise(names):
        cells = dict(zip(rows[first], (shown[code] for code in rows[second]), strict=True))
        cells |= dict(zip(rows[second], (shown[code] for code in rows[first]), strict=True))
        yield _fault("两行对换", f"{_row(first)} 与下一行", cells)
        again = dict(zip(rows[second], (shown[code] for code in rows[first]), strict=True))
        yield _fault("重复一行", f"{_row(first)} 又印在下一行", again)
    for name in names:
        moved = [shown[code] for code in rows[name]]
        yield _fault("整行错位", f"{_row(name)} 右移一列", dict(zip(rows[name], moved[-1:] + moved[:-1], strict=True)))


def _row(name: str) -> str:
    return ADDRESS[f"{name}.natural_person"].removesuffix("自然人列")


def _totals(shown: Mapping[str, str]) -> Iterator[Fault]:
    """A part changed and the total left, a total changed and the parts left, a total of 0 beside its parts."""
    totals = [code for code in shown if code.endswith(".total")]
    for code in totals:
        yield _fault("总计未更新", f"{ADDRESS[code]} 少 3", {code: plain(Decimal(shown[code]) - 3)})
    for code in _sample(totals, 15, 506):
        yield _fault("总计为 0", ADDRESS[code], {code: "0"})


def _last_year(shown: Mapping[str, str], before: Mapping[str, int | Decimal]) -> Iterator[Fault]:
    different = [code for code in before if plain(before[code]) != shown[code] and code != FEES]
    for code in (*_sample(different, 24, 507), "licensing_decisions", "penalty_decisions", "compulsion_measures"):
        yield _fault("上年的数", ADDRESS[code], {code: plain(before[code])})
    yield _fault("上年的数", ADDRESS[FEES], {FEES: plain(wan_yuan(before[FEES]))})


def _money(shown: Mapping[str, str], yuan: Decimal) -> Iterator[Fault]:
    """万元 with two decimals, rounded: 元 in its place, the point elsewhere, cut off instead of rounded."""
    text = shown[FEES]
    cut = plain((yuan / 10000).quantize(Decimal("0.1"), rounding="ROUND_DOWN"))
    for words, wrong in (
        ("以元填写", plain(yuan)),
        ("小数点左移一位", plain(Decimal(text) / 10)),
        ("小数点右移一位", plain(Decimal(text) * 10)),
        ("截成一位小数", cut),
        ("截成整数", text.partition(".")[0]),
        ("末位多 1", plain(Decimal(text) + Decimal("0.01"))),
        ("末位少 1", plain(Decimal(text) - Decimal("0.01"))),
        ("数字颠倒", text[::-1] if text[::-1].count(".") == 1 else text + "1"),
    ):
        yield _fault("收费金额", words, {FEES: wrong})
