"""A template that passes the check can be filled in with any figures; the check itself never falls over."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.yearbook.report.wording.test_cases import BASE, FACTS, REHEARSALS, check
from yearbook.figure import Figure, Figures
from yearbook.report.draft import draft
from yearbook.report.model import Body
from yearbook.report.rehearsal import LARGE

SAMPLE = next(iter(REHEARSALS.values()))
LINES = BASE.split("\n")
NAMES = ("机动车业务量", "信息处理费金额", "机动车保有量", "行政许可处理决定", "没有这个")
PIECES = (
    *(
        f'{{{{ {function}("{name}") }}}}'
        for function in ("数", "比", "增减", "上年数", "分项", "说明")
        for name in NAMES
    ),
    '{{ 主要分项("机动车业务量", 2) }}',
    *(
        f'{{% if {function}("{name}") %}}'
        for function in ("有", "无", "有增", "有说明", "有上年")
        for name in NAMES[:3]
    ),
    '{% 否则如果 非 有减("机动车业务量") %}',
    "{% else %}",
    "{% endif %}",
    "{% 完 %}",
    "\n",
    "[",
    "[表二]",
    "# ",
    "## ",
    "## 标题",
    "= ",
    "# 二、主动公开政府信息情况",
    "甲",
    "12月31日",
    " ",
    "，",
    "{{",
    "{#",
    "#}",
    "\u2028",
    "5",
    "十二",
    "{{ 年 }}",
    "{{ 机构.名称 }}",
    "//",
)
SEQUENCES = st.lists(st.sampled_from(PIECES), min_size=1, max_size=7)
VALUES = st.integers(0, 10**9)


@st.composite
def templates(draw: st.DrawFn) -> str:
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 2))):
        place = draw(st.integers(2, len(lines) - 1))
        lines[place : place + draw(st.integers(0, 1))] = ["".join(draw(SEQUENCES))]
    return "\n".join(lines)


@st.composite
def any_figures(draw: st.DrawFn) -> Figures:
    kinds = draw(st.lists(st.tuples(VALUES, st.none() | VALUES), min_size=5, max_size=5))

    def renumbered(place: int, figure: Figure) -> Figure:
        value, base = kinds[place % len(kinds)]
        return type(figure)(
            **{name: getattr(figure, name) for name in figure.__dataclass_fields__} | {"value": value, "base": base}
        )

    return Figures(renumbered(place, figure) for place, figure in enumerate(SAMPLE.values()))


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(templates(), any_figures())
def test_what_passes_never_raises(text: str, figures: Figures) -> None:
    checked = check(text)
    assert all(1 <= fault.line <= text.count("\n") + 1 for fault in checked.faults)
    if checked.passed:
        draft(
            text, name="t", body=Body(code="x", name="某", short_name="某"), facts=FACTS, figures=figures, verdicts=()
        )


@settings(max_examples=150, deadline=None)
@given(templates())
def test_reading_finds_what_rehearsing_would(text: str) -> None:
    """A fault that only the rehearsals find shows that the reading has a hole."""
    assert not any(
        "数字都" in fault.what or "数字两年" in fault.what or "数字本年" in fault.what for fault in check(text).faults
    )


def test_the_pieces_make_passing_templates_too() -> None:
    good = LINES.copy()
    good[12] = '{% if 有("机动车业务量") %}{{ 数("机动车业务量") }}，{{ 增减("机动车业务量") }}{% else %}甲{% endif %}'
    assert check("\n".join(good)).passed
    assert SAMPLE["motor_vehicles.total"].value > LARGE
