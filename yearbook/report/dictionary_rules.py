"""The dictionary's part on data-quality rules: what each one checks, in words."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from yearbook.catalog import Rule, Source
from yearbook.report.code_lists import TREATMENTS
from yearbook.report.markdown import link, table

HEADER = ("编号", "严重程度", "提取和列", "规则", "检查", "不通过怎么办", "负责人")
CHECKS: Mapping[str, Callable[[Rule], str]] = {
    "schema": lambda _: "列名、次序和类型与契约一致",
    "row_count": lambda rule: f"行数{_limits(rule)}",
    "volume": lambda rule: f"行数与上年之比{_limits(rule, '%')}",
    "not_null": lambda _: "不为空",
    "unique": lambda rule: "不重复" if len(rule.columns) == 1 else "各列合起来不重复",
    "in_codes": lambda rule: f"在代码表 `{rule.codes}` 内",
    "made_of_codes": lambda rule: f"由代码表 `{rule.codes}` 中的一个或几个代码连写而成",
    "counts": lambda rule: f"不是代码表 `{rule.codes}` 中{_group(rule.treated)}的代码",
    "in_set": lambda rule: "取值为 " + "、".join(rule.values),
    "matches": lambda rule: f"整体符合 `{rule.pattern}`",
    "check_digit": lambda _: "十八位身份号码的校验码和出生日期正确",
    "between": lambda rule: f"值{_limits(rule)}",
    "within_year": lambda _: "在报告年度内",
    "reaches_year": lambda _: "最大值不早于报告年度",
    "no_gap": lambda rule: f"年度内连续无行的日子不超过 {rule.high} 天（不足 {rule.low or 1} 行的不评估）",
    "as_before": lambda rule: f"上年有 {rule.low} 行以上的值，本年都有",
    "keeps": lambda _: "上年的行本年都在",
    "numbered": lambda _: "从 1 起连号，不缺号",
    "not_after": lambda _: "前一列不晚于后一列",
    "present_when": lambda rule: f"前一列含代码表 `{rule.codes}` 中{_group(rule.treated)}的代码时，后一列不为空",
    "refers_to": lambda rule: f"在 `{rule.refers_to}` 中有同样的值",
    "usual": lambda _: "前一列相同的行，后一列的值相同；少数不同的不符合",
    "holds": lambda rule: f"满足 `{rule.condition}`，不能判断的不计",
    "expectation": lambda rule: f"Great Expectations 的 `{rule.expectation}`{_arguments(rule)}",
}


def rules_of(source: Source, rules: Sequence[Rule]) -> Iterator[str]:
    """The rules of one source as a section.

    Args:
        source: The source.
        rules: Its rules, in order.

    Yields:
        Blocks of Markdown.
    """
    yield f"### {source.name} `{source.code}`"
    yield f"写在 {link(f'expectations/{source.code}.toml')}。"
    yield table(HEADER, [_row(rule, source) for rule in rules])


def _row(rule: Rule, source: Source) -> tuple[str, ...]:
    return (
        rule.code,
        rule.severity.label,
        " ".join(f"`{name}`" for name in (rule.extract, *rule.columns)),
        f"{rule.say}<br>{rule.say_en}",
        "；".join(_check(rule)),
        rule.do,
        rule.owner or source.owner,
    )


def _check(rule: Rule) -> Iterator[str]:
    yield CHECKS[rule.check](rule)
    if rule.beside:
        yield f"只问登记了来源 `{rule.beside}` 的机构"
    if rule.where:
        yield f"只查 `{rule.where}` 的行"
    if rule.tolerance:
        yield f"不符的不超过 {rule.tolerance:f}% 算通过"
    if not rule.base:
        yield "不查上年基数"


def _limits(rule: Rule, unit: str = "") -> str:
    low = "" if rule.low is None else f"不小于 {rule.low}{unit}"
    high = "" if rule.high is None else f"不大于 {rule.high}{unit}"
    return "，".join(filter(None, (low, high)))


def _group(treated: str) -> str:
    words = TREATMENTS.get(treated)
    return f"归入 `{treated}`" + (f"（{words}）" if words else " ")


def _arguments(rule: Rule) -> str:
    words = (
        f"`{name}` 为 `{json.dumps(value, ensure_ascii=False, default=str)}`" for name, value in rule.arguments.items()
    )
    return "，".join(("", *words))
