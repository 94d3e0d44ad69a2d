"""Figures of indicators that have everything a chart can get wrong."""

from collections.abc import Sequence
from dataclasses import replace

from tests.yearbook.factory import figure
from yearbook.figure import Figure, Figures
from yearbook.quantity import Exact, Unit

YEAR = 2023
# label, value, base
Part = tuple[str, Exact, Exact | None]
BUSINESS: tuple[Part, ...] = (
    ("注册登记", 23_456, 22_726),
    ("转让登记", 12_347, 15_000),
    ("变更登记", 2_345, 2_345),
    ("抵押登记", 999, 0),
    ("注销登记", 0, 12),
    ("转入业务", 45, None),
    ("车辆年检", 99_999, 100_001),
    ("其他", 350_001, 300_000),
)
LONG: tuple[Part, ...] = (
    ("通过“交管12123”手机APP处理的交通事故类警情", 90_000, 10),
    ("中华人民共和国机动车驾驶证申领和使用管理", 3, 2_000),
    ("小<&>", 2, 2),
)


def indicator(
    code: str, name: str, parts: Sequence[Part], *, wording: str = "truncated_qian", unit: Unit = Unit.PIECE
) -> tuple[Figure, ...]:
    """The figures of one indicator, its total first."""
    bases = [base for _, _, base in parts]
    whole = None if None in bases else sum(base for base in bases if base is not None)
    total = figure(f"{code}.total", sum(v for _, v, _ in parts), base=whole, name=name, wording=wording, unit=unit)
    made = [replace(total, label="合计")]
    for place, (label, value, base) in enumerate(parts):
        part = figure(f"{code}.m{place}", value, base=base, name=f"{name}·{label}", wording=wording, unit=unit)
        made.append(replace(part, label=label))
    return tuple(made)


def sample_figures() -> Figures:
    """Two indicators with parts, one without, one with two dimensions, one without a total."""
    return Figures(
        [
            *indicator("business", "机动车业务量", BUSINESS),
            *indicator("long", "长名称", LONG, wording="exact"),
            figure("fees", 17, base=18, name="信息处理费"),
            figure("results.granted.person", 5, base=6, name="办理结果·予以公开·自然人"),
            replace(figure("calls.app", 3_072, base=2_048, name="警情·12123APP处理"), label="12123APP处理"),
            replace(figure("calls.all", 19_465, base=18_002, name="警情·接处警"), label="接处警"),
        ]
    )
