"""The dictionary's part on tie-outs: what each one looks at, its equation and its cells in words."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from yearbook.catalog import Indicator, Tie
from yearbook.report.markdown import listed
from yearbook.ties.terms import TERM, bindings, parts
from yearbook.verdict import Severity

CONSEQUENCES = {
    Severity.FATAL: "不通过则不发布",
    Severity.WARNING: "列入发现，可以发布",
    Severity.INFORMATION: "列入提示，可以发布",
}
RELATIONS = {"=": "=", "<=": "≤", ">=": "≥"}
KINDS = {
    "equation": "左右两边各项之和",
    "outlier": "本年数与上年数之间的变化",
    "cells": "每一格：不空白，不小于 0，论件的是整数",
    "nil": "为 0 的数：来源中有读到的行，或者来源可以没有记录",
    "emptied": "读到了行的数，是否全部为 0",
    "restated": "上年数，与上年公布的报告比较",
    "mentions": "文中写的数，与表格中同一口径的数比较",
    "beside": "文中写的数不为 0 时，表格中同类的数是否全部为 0",
    "printed": "表格中印的数，读回后与计算得出的数比较",
    "lists": "文中逐项列出的数，与所说的总数比较",
    "shares": "文中的比例和增减幅度，重新计算后比较",
    "years": "标题、统计期限和文中的年份",
    "deadline": "公布日期",
    "residue": "文中的编辑痕迹、占位文字、乱码、缺字的日期",
    "labels": "表格的行、列名称和各部分的标题",
    "similar": "与上年报告相同的文字所占的比例",
    "readback": "成品文件（Word、PDF、网页）中的每一个数，读回后与出处比较",
    "expired": "已经过期的豁免",
    "unused": "没有用到的豁免和说明",
}
EVERY = "*"
EVERYTHING, ANY_INDICATOR = "全部数字", "各指标"


def cited_indicators(ties: Iterable[Tie], known: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """Codes of the indicators that each rule speaks of, by the rule's code.

    Args:
        ties: Rules.
        known: Codes of all figures.

    Raises:
        Refusal: A rule names a figure that does not exist.
    """
    return {tie.code: frozenset(code.partition(".")[0] for code in _cited(tie, known)) for tie in ties}


def tie_of(tie: Tie, indicators: Mapping[str, Indicator], known: tuple[str, ...]) -> Iterator[str]:
    """One rule as a section.

    Args:
        tie: The rule; every figure it names exists.
        indicators: Indicators by code.
        known: Codes of all figures.

    Yields:
        Blocks of Markdown.
    """
    yield f"### {tie.code}"
    yield listed(_facts(tie))
    if tie.left:
        lines = _equations(tie, indicators) if tie.kind == "equation" else _looked_at(tie, indicators, known)
        yield "```text\n" + "\n".join(lines) + "\n```"


def _facts(tie: Tie) -> dict[str, str]:
    ending = "" if tie.until is None else f"至 {tie.until} 年度止"
    facts = {
        "规则": tie.say,
        "英文": tie.say_en,
        "类别": tie.category.label,
        "严重程度": f"{tie.severity.label}，{CONSEQUENCES[tie.severity]}",
        "看什么": KINDS[tie.kind],
        "限度": _limits(tie),
        "依据": tie.basis,
        "施行": f"自 {tie.since} 年度报告起" + ending,
        "不适用": f"机构具有 `{tie.unless}` 属性" if tie.unless else "",
        "不通过怎么办": tie.do,
        "负责人": tie.owner,
        "一并查看": "、".join(tie.related),
        **_codes(tie),
    }
    return {name: text for name, text in facts.items() if text}


def _limits(tie: Tie) -> str:
    if tie.limit is None:
        return ""
    changed = "变化" if tie.kind == "outlier" else "相同的文字"
    least = "" if tie.least is None else f"，而且相差不小于 {tie.least}"
    return f"{changed}超过 {tie.limit:f}%{least}"


def _codes(tie: Tie) -> dict[str, str]:
    if tie.kind == "equation":
        return {"算式代码": f"`{_sum(tie.left)} {tie.relation} {_sum(tie.right)}`"}
    named = {"数字代码": tie.left, "分项代码": tie.right}
    return {name: "、".join(f"`{term}`" for term in terms) for name, terms in named.items()}


def _sum(terms: Sequence[str]) -> str:
    text = " ".join(f"- {term[1:]}" if term.startswith("-") else f"+ {term}" for term in terms)
    return text.removeprefix("+ ") or "0"


def _equations(tie: Tie, indicators: Mapping[str, Indicator]) -> Iterator[str]:
    """The equation in words, once per value that stands in a name, then what the rest runs through."""
    for binding in _outer(tie):
        left, right = (
            _sum([_words(_bound(term, binding), indicators) for term in side]) for side in (tie.left, tie.right)
        )
        yield f"{left} {RELATIONS[tie.relation]} {right}"
    yield from _runs(tie, indicators)


def _looked_at(tie: Tie, indicators: Mapping[str, Indicator], known: tuple[str, ...]) -> Iterator[str]:
    """The cells that a rule of another kind looks at, one term a line."""
    if _cited(tie, known) == set(known):
        yield EVERYTHING
        return
    for binding in _outer(tie):
        of = "、".join(_place(_bound(term, binding), indicators) for term in tie.right)
        for term in tie.left:
            yield _place(_bound(term, binding), indicators) + (f"，各部分为 {of}" if of else "")
    yield from _runs(tie, indicators)


def _runs(tie: Tie, indicators: Mapping[str, Indicator]) -> Iterator[str]:
    outer = _outer_names(tie)
    for name in tie.each:
        if name not in outer:
            labels = _labels(name, tie, indicators)
            yield f"〔{name}〕依次为：" + "、".join(labels.get(value, value) for value in tie.each[name])


def _words(term: str, indicators: Mapping[str, Indicator]) -> str:
    """A term in words: ``200*base:drivers.*`` as ``200×Σ（上年的驾驶人保有量·各分项）``, its sign kept."""
    sign, factor, base, pattern = _taken_apart(term)
    text = ("上年的" if base else "") + _place(pattern, indicators)
    return sign + (f"{factor}×" if factor else "") + (f"Σ（{text}）" if EVERY in pattern else text)


def _taken_apart(term: str) -> tuple[str, str, str, str]:
    match = TERM.fullmatch(term)
    if match is None:
        raise ValueError("a term that names no figure was not refused")
    return match["sign"], match["factor"] or "", match["base"] or "", match["pattern"]


def _place(pattern: str, indicators: Mapping[str, Indicator]) -> str:
    """``documents.{kind}.valid`` as ``规章和行政规范性文件·〔kind〕·现行有效件数``."""
    head, *members = pattern.split(".")
    indicator = indicators.get(head)
    labels = list(indicator.members.values()) if indicator else [{"total": "合计"}] * len(members)
    words = [indicator.name if indicator else ANY_INDICATOR]
    return "·".join([*words, *(_member(member, of) for member, of in zip(members, labels, strict=True))])


def _member(member: str, labels: Mapping[str, str]) -> str:
    if member == EVERY:
        return "各分项"
    if EVERY not in member:
        return labels.get(member, f"〔{member.strip('{}')}〕")
    shape = re.compile(re.escape(member).replace(r"\*", ".+"))
    named = [label for code, label in labels.items() if shape.fullmatch(code)]
    return named[0] if len(named) == 1 else f"{named[0]}至{named[-1]}（{len(named)} 项）"


def _cited(tie: Tie, known: tuple[str, ...]) -> set[str]:
    terms = (*tie.left, *tie.right)
    return {part.code for binding in bindings(tie.each) for part in parts(tie, terms, binding, known)}


def _labels(name: str, tie: Tie, indicators: Mapping[str, Indicator]) -> Mapping[str, str]:
    """Labels of the dimension that ``{name}`` runs through."""
    for term in (*tie.left, *tie.right):
        pattern = _bound(_taken_apart(term)[3], next(_outer(tie)))
        head, *members = pattern.split(".")
        if f"{{{name}}}" in members and head in indicators:
            return list(indicators[head].members.values())[members.index(f"{{{name}}}")]
    return {}


def _outer_names(tie: Tie) -> list[str]:
    """Names that stand in an indicator's own name or in a part of a member: a line of its own for each value."""
    patterns = [_taken_apart(term)[3] for term in (*tie.left, *tie.right)]
    return [name for name in tie.each if any(_is_inside(f"{{{name}}}", pattern) for pattern in patterns)]


def _is_inside(place: str, pattern: str) -> bool:
    head, *members = pattern.split(".")
    return place in head or any(place in member and place != member for member in members)


def _outer(tie: Tie) -> Iterator[dict[str, str]]:
    names = _outer_names(tie)
    for values in product(*(tie.each[name] for name in names)):
        yield dict(zip(names, values, strict=True))


def _bound(term: str, binding: Mapping[str, str]) -> str:
    for name, value in binding.items():
        term = term.replace(f"{{{name}}}", value)
    return term
