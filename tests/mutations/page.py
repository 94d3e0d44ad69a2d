"""``docs/proof-of-the-gate.md``: what was tried, what was caught by which rule, and what got through and why."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from tasks.library import Library
from tests.mutations.fault import GROUPS, Outcome
from tests.mutations.judging import REFUSED
from yearbook.quantity import ratio, round_half_up
from yearbook.report.markdown import table

ESCAPES = Path(__file__).with_name("escapes.toml")
EXPLAINED = {
    "来源的行": "改动来源各年度的行：漏、重、错年、空值、错码、错列、错值、时区、单位、登记簿的笔误",
    "代码表": "把代码归入别的类，或者少写一个代码",
    "提取途中": "数据库答了，读取的一方没有收齐，或者收了两遍",
    "交来的表格": "真的写成 xlsx、CSV 文件，由真的读取程序读",
    "表格数字": "在三张法定表格里改写印出的数；只凭报告自身能发现的列在前，与计算结果对照（N-7）在后",
    "文字": "改动正文、标题和表格的名称",
}


INTRODUCTION = (
    "本页由 `python -m tests.mutations` 生成，测试拿它与实际运行的结果逐字对照。在一个虚构机构（云麓）没有错误的资料"
    "里，每次放进一处真实会犯的错误，经过程序自己的各道工序，看有没有规则发现。发现，是指读取时被拒绝，或者比没有错误时"
    "多出至少一条致命或警告的不通过；只作提示的不算。去年的报告看作已经由同样的资料公布，所以上年数对不上也能发现。"
)
FIRST = (
    "“最先发现”按一次运行的次序：读取、来源规则、勾稽、文字。致命的规则不通过，运行就此停止，后面的规则没有机会发现"
    "同一处错误。“只有它发现”的那几处，去掉这条规则就会漏过去。"
)


@dataclass(frozen=True, slots=True)
class Escape:
    """An explained group of faults that get through.

    Attributes:
        inside: True where the material would tell.
        why: Why no rule sees them.
        control: What would, outside.
        names: Names of the faults.
    """

    inside: bool
    why: str
    control: str
    names: tuple[str, ...]


def escapes() -> tuple[Escape, ...]:
    """The documented escapes."""
    entries = tomllib.loads(ESCAPES.read_text(encoding="utf-8"))["escape"]
    return tuple(Escape(**{**entry, "names": tuple(entry["names"])}) for entry in entries)


def shares(outcomes: Iterable[Outcome]) -> tuple[int, int, int]:
    """Faults that count, those caught, and those that got through although the material would tell."""
    counted = [outcome for outcome in outcomes if outcome.counts]
    inside = {name for escape in escapes() if escape.inside for name in escape.names}
    missed = [outcome for outcome in counted if not outcome.caught and outcome.fault.name in inside]
    return len(counted), sum(bool(outcome.caught) for outcome in counted), len(missed)


def percent(part: int, whole: int) -> Decimal:
    """A share with two decimals."""
    return round_half_up(ratio(part * 100, whole), 2)


def page(outcomes: Sequence[Outcome], library: Library, *, alarms: int) -> str:
    """The page.

    Args:
        outcomes: What became of every fault.
        library: The catalogue, for the words of the rules.
        alarms: Findings where nothing is wrong.
    """
    counted = [outcome for outcome in outcomes if outcome.counts]
    blocks = [
        "# 把关的证明",
        INTRODUCTION,
        *_summary(outcomes, counted, alarms),
        "## 按类别",
        _by_family(counted),
        "## 没有发现的",
        "每一处都列名，测试核对名单：多一处、少一处都不通过。",
        *_escaped(),
        "## 按规则",
        FIRST,
        _by_rule(counted, library),
        "## 一处也没有发现的规则",
        _idle(counted, library),
    ]
    return "\n\n".join(blocks) + "\n"


def _summary(outcomes: Sequence[Outcome], counted: Sequence[Outcome], alarms: int) -> list[str]:
    total, caught, missed = shares(outcomes)
    outside = total - caught - missed
    blocked = sum(outcome.blocked for outcome in counted)
    rows = [
        ("放进的错误", len(outcomes)),
        ("其中对公布的内容没有影响、也不违反规则的，不计", len(outcomes) - total),
        ("计入的错误", total),
        ("发现", f"{caught}（{percent(caught, total)}%）"),
        ("其中致命，停止发布", blocked),
        ("没有发现，凭资料本可以知道", missed),
        ("没有发现，从资料内部无从知道", outside),
        ("凭资料可以知道的错误中发现的比例", f"**{percent(caught, caught + missed)}%**"),
        ("没有错误时误报", alarms),
    ]
    return [table(("", "数"), [(name, str(value)) for name, value in rows])]


def _by_family(counted: Sequence[Outcome]) -> str:
    rows = []
    for group in GROUPS:
        mine = [outcome for outcome in counted if outcome.fault.group == group]
        rows.append((f"**{group}**", EXPLAINED[group], *_counts(mine)))
        families = dict.fromkeys(outcome.fault.family for outcome in mine)
        rows += [(f, "", *_counts([outcome for outcome in mine if outcome.fault.family == f])) for f in families]
    return table(("类别", "说明", "错误", "发现", "比例"), rows)


def _counts(mine: Sequence[Outcome]) -> tuple[str, str, str]:
    caught = sum(bool(outcome.caught) for outcome in mine)
    return str(len(mine)), str(caught), f"{percent(caught, len(mine))}%"


def _escaped() -> list[str]:
    rows = [
        (
            "本可以知道" if escape.inside else "无从知道",
            "<br>".join(escape.names),
            escape.why,
            escape.control,
        )
        for escape in sorted(escapes(), key=lambda escape: not escape.inside)
    ]
    return [table(("", "错误", "为什么", "靠什么发现"), rows)]


def _words(library: Library) -> dict[str, str]:
    return {REFUSED: "读取、提取或计算时拒绝，指出文件、行、列"} | {
        entry.code: entry.say for entry in (*library.rules, *library.ties)
    }


def _by_rule(counted: Sequence[Outcome], library: Library) -> str:
    first = Counter(outcome.caught[0] for outcome in counted if outcome.caught)
    all_ = Counter(code for outcome in counted for code in outcome.caught)
    alone = Counter(outcome.caught[0] for outcome in counted if len(outcome.caught) == 1)
    words = _words(library)
    order = sorted(all_, key=lambda code: (-first[code], -all_[code], code))
    rows = [(code, words[code], str(first[code]), str(all_[code]), str(alone[code])) for code in order]
    return table(("规则", "说的是", "最先发现", "发现", "只有它发现"), rows)


def _idle(counted: Sequence[Outcome], library: Library) -> str:
    used = {code for outcome in counted for code in outcome.caught}
    idle = [entry for entry in (*library.rules, *library.ties) if entry.code not in used]
    note = (
        "下列规则在这次试验中一处也没有发现：有的只作提示；有的被更早的一道工序抢先（读取时已经拒绝、更早的致命规则"
        "已经停止运行）；有的所防的错误没有放进来。各条自有用例证明其有效。"
    )
    rows = [(entry.code, entry.say, entry.severity.label) for entry in idle]
    return f"{note}\n\n{table(('规则', '说的是', '严重程度'), rows)}"


def unexplained(outcomes: Iterable[Outcome]) -> tuple[list[str], list[str]]:
    """Escapes that nobody explained, and explained ones that are caught by now."""
    through = [outcome.fault.name for outcome in outcomes if outcome.counts and not outcome.caught]
    known = [name for escape in escapes() for name in escape.names]
    return [name for name in through if name not in known], [name for name in known if name not in through]
