"""The dictionary: every indicator, source, rule, tie-out and code of the catalogue as one Chinese Markdown page.

Tells what the catalogue says and nothing that a run found, so the same catalogue gives the same text.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product

from yearbook.catalog import Code, Column, Extract, Indicator, Rule, Source, Tie
from yearbook.errors import Refusal
from yearbook.intake.rules import CLEAN_WORDS
from yearbook.report.code_lists import code_list
from yearbook.report.markdown import link, listed, table
from yearbook.verdict import Severity
from yearbook.wording import POLICY_TEXT

KINDS = {"database": "数据库", "export": "交来的表格"}
COLUMN_TYPES = {
    "text": "文字",
    "code": "代码（文字）",
    "integer": "整数",
    "money": "金额（元，两位小数）",
    "date": "日期",
    "moment": "时刻",
}
CATEGORIES = {"form": "格式规定", "arithmetic": "算术恒等", "supervisory": "监督核对", "plausibility": "合理性"}
CONSEQUENCES = {
    Severity.FATAL: "不通过则不发布",
    Severity.WARNING: "列入发现，可以发布",
    Severity.INFORMATION: "列入提示，可以发布",
}
RELATIONS = {"=": "=", "<=": "≤", ">=": "≥"}
BASE, MINUS, EVERY = "base:", "-", "*"
CHECKS: Mapping[str, Callable[[Rule], str]] = {
    "row_count": lambda rule: f"行数{_limits(rule)}",
    "not_null": lambda _: "不为空",
    "unique": lambda _: "不重复",
    "in_codes": lambda rule: f"在代码表 `{rule.codes}` 内",
    "in_set": lambda rule: "取值为 " + "、".join(rule.values),
    "matches": lambda rule: f"整体符合 `{rule.pattern}`" + (f"，代码见 `{rule.codes}`" if rule.codes else ""),
    "between": lambda rule: f"值{_limits(rule)}",
    "within_year": lambda _: "在报告年度内",
    "reaches_year": lambda _: "最大值不早于报告年度",
    "not_after": lambda _: "前一列不晚于后一列",
}


def write_dictionary(
    indicators: Mapping[str, Indicator],
    sources: Mapping[str, Source],
    rules: Iterable[Rule],
    ties: Iterable[Tie],
    codes: Mapping[str, Sequence[Code]],
) -> str:
    """The whole page.

    Args:
        indicators: Indicators by code, in printed order.
        sources: Sources by code, in order.
        rules: Expectations of all sources, in order.
        ties: Tie-outs, in order.
        codes: Code lists by name; they are listed by name.

    Returns:
        Markdown that ends in one line break.

    Raises:
        Refusal: An entry names an indicator or a source that the catalogue does not have.
    """
    asked, tied = tuple(rules), tuple(ties)
    parts = [*_head(indicators, sources, asked, tied, codes), "## 一、指标"]
    for indicator in indicators.values():
        parts += _indicator(indicator, sources, asked, tied)
    parts.append("## 二、来源和数据契约")
    for source in sources.values():
        parts += _source(source)
    parts.append("## 三、数据质量规则")
    for source in sources.values():
        parts += _rules(source, [rule for rule in asked if rule.source == source.code])
    parts.append("## 四、勾稽规则")
    for tie in tied:
        parts += _tie(tie, indicators)
    parts.append("## 五、代码表")
    for name in sorted(codes):
        parts += code_list(name, codes[name], asked)
    return "\n\n".join(parts) + "\n"


def _head(
    indicators: Mapping[str, Indicator],
    sources: Mapping[str, Source],
    rules: Sequence[Rule],
    ties: Sequence[Tie],
    codes: Mapping[str, Sequence[Code]],
) -> Iterator[str]:
    figures = sum(len(list(indicator.combinations())) for indicator in indicators.values())
    extracts = sum(len(source.extracts) for source in sources.values())
    yield "# 指标字典"
    yield "本页由 `sql/` 和 `expectations/` 中的目录生成，请勿手工修改。目录改动后用 `make dictionary` 重新生成。"
    yield (
        f"指标 {len(indicators)} 个，数字 {figures} 个；来源 {len(sources)} 个，提取 {extracts} 个；"
        f"数据质量规则 {len(rules)} 条，勾稽规则 {len(ties)} 条；代码表 {len(codes)} 张。"
    )
    yield "规则的严重程度：" + "；".join(f"{level.label}，{CONSEQUENCES[level]}" for level in Severity) + "。"
    yield (
        "数字代码由指标代码和成员代码用点连接而成；数字名称由指标名称和成员名称用“·”连接而成，"
        "成员为 `total` 的略去。行文模板用数字名称或数字代码都可以。"
    )


def _indicator(
    indicator: Indicator, sources: Mapping[str, Source], rules: Sequence[Rule], ties: Sequence[Tie]
) -> Iterator[str]:
    source = sources.get(indicator.source)
    if source is None:
        raise Refusal(
            f"指标 {indicator.code} 的来源 {indicator.source} 不存在", todo="更正 sql/indicators.toml 的 source"
        )
    guards = [rule.code for rule in rules if rule.extract in indicator.extracts]
    tied = [tie.code for tie in ties if indicator.code in _cited(tie)]
    extracts = "、".join(f"`{extract}`" for extract in indicator.extracts)
    yield f"### {indicator.name} `{indicator.code}`"
    yield listed(
        {
            "单位": indicator.unit.value,
            "定义": indicator.definition,
            "依据": indicator.basis,
            "来源": f"{source.name} `{source.code}`，提取 {extracts}",
            "查询": link(f"sql/{indicator.sql_name}"),
            "印刷": f"{POLICY_TEXT[indicator.wording]}（`{indicator.wording}`）",
            **{f"印刷 `{key}`": POLICY_TEXT[policy] for key, policy in indicator.member_wording.items()},
            "数据质量规则": "、".join(guards) or "无",
            "勾稽规则": "、".join(tied) or "无",
        }
    )
    if len(indicator.members) == 1:
        rows = [(f"`{indicator.figure_code(c)}`", indicator.figure_name(c)) for c in indicator.combinations()]
        yield table(("数字代码", "数字名称"), rows)
    for dimension, labels in indicator.members.items() if len(indicator.members) > 1 else ():
        yield f"维度 `{dimension}`："
        yield table(("成员代码", "法定名称"), [(f"`{code}`", label) for code, label in labels.items()])


def _source(source: Source) -> Iterator[str]:
    yield f"### {source.name} `{source.code}`"
    facts = {"类型": KINDS[source.kind], "提供者": source.owner}
    if source.kind == "database":
        facts["时区"] = source.timezone
    else:
        facts["表头"] = link(f"sql/{source.code}/columns.csv")
        facts["文字编码"] = f"没有 Unicode 标记又不是 UTF-8 的，按 {source.encoding.upper()}"
    yield listed(facts)
    for extract in source.extracts:
        yield f"#### {extract.name} `{extract.code}`"
        yield listed(_extract(source, extract))
        yield table(("列", "类型", "必填", "个人信息"), [_column(column) for column in extract.columns])


def _extract(source: Source, extract: Extract) -> dict[str, str]:
    facts = {
        "范围": "一个年度的行" if extract.per_year else "提取时的全部行",
        "主键": "、".join(f"`{name}`" for name in extract.key),
    }
    if source.kind == "database":
        facts["查询"] = link(f"sql/{source.code}/extract/{extract.code}.sql")
    if extract.sheet:
        facts["工作表"] = f"{extract.sheet}，标题 {extract.title_rows} 行，表头 {extract.header_rows} 行"
    if extract.total_label:
        facts["合计行"] = f"最后一行首格为“{extract.total_label}”，核对列 `{extract.total_column}` 之和"
    return facts | ({} if source.kind == "database" else _agreed(extract))


def _agreed(extract: Extract) -> dict[str, str]:
    """What was agreed on a handed-over file; what was not agreed is left out."""
    one_year = "，每一行都在该年" if extract.one_year else "，不能是往年的文件"
    facts = {
        "可以整理": "、".join(words for name, words in CLEAN_WORDS.items() if name in extract.clean),
        "单位": "、".join(f"`{name}` {unit}" for name, unit in extract.units.items()),
        "合并单元格": "、".join(f"`{name}`" for name in sorted(extract.fill_down)),
        "年度": f"看列 `{extract.year_column}`{one_year}" if extract.year_column else "",
        "没有行": "可以" if extract.may_be_empty else "不可以",
        "控制数": "须随文件交来合计或行数" if extract.control else "",
    }
    return {name: text for name, text in facts.items() if text}


def _column(column: Column) -> tuple[str, ...]:
    required = "是" if column.required else "可为空"
    return f"`{column.name}`", COLUMN_TYPES[column.type], required, "是" if column.personal else ""


def _rules(source: Source, rules: Sequence[Rule]) -> Iterator[str]:
    yield f"### {source.name} `{source.code}`"
    yield f"写在 {link(f'expectations/{source.code}.toml')}。"
    rows = [
        (
            rule.code,
            rule.severity.label,
            " ".join(f"`{name}`" for name in (rule.extract, *rule.columns)),
            f"{rule.say}<br>{rule.say_en}",
            CHECKS[rule.check](rule) + ("" if rule.base else "；不查上年基数"),
            rule.do,
        )
        for rule in rules
    ]
    yield table(("编号", "严重程度", "提取和列", "规则", "检查", "不通过怎么办"), rows)


def _limits(rule: Rule) -> str:
    low = "" if rule.low is None else f"不小于 {rule.low}"
    high = "" if rule.high is None else f"不大于 {rule.high}"
    return "，".join(filter(None, (low, high)))


def _tie(tie: Tie, indicators: Mapping[str, Indicator]) -> Iterator[str]:
    ending = "" if tie.until is None else f"至 {tie.until} 年度止"
    yield f"### {tie.code}"
    yield listed(
        {
            "规则": tie.say,
            "类别": CATEGORIES[tie.category],
            "严重程度": f"{tie.severity.label}，{CONSEQUENCES[tie.severity]}",
            "依据": tie.basis,
            "施行": f"自 {tie.since} 年度报告起" + ending,
            **({"不适用": f"机构具有 `{tie.unless}` 属性"} if tie.unless else {}),
            "不通过怎么办": tie.do,
            "算式代码": f"`{_sum(tie.left)} {tie.relation} {_sum(tie.right)}`",
        }
    )
    yield "```text\n" + "\n".join(_equations(tie, indicators)) + "\n```"


def _sum(terms: Sequence[str]) -> str:
    text = " ".join(f"- {term[1:]}" if term.startswith(MINUS) else f"+ {term}" for term in terms)
    return text.removeprefix("+ ") or "0"


def _equations(tie: Tie, indicators: Mapping[str, Indicator]) -> Iterator[str]:
    """The equation in words, once per value that stands in an indicator's own name, then what the rest runs through."""
    outer = [name for name in tie.each if any(f"{{{name}}}" in _head_of(t) for t in (*tie.left, *tie.right))]
    for values in product(*(tie.each[name] for name in outer)):
        left, right = (
            _sum([_words(_bound(term, outer, values), indicators) for term in side]) for side in (tie.left, tie.right)
        )
        yield f"{left} {RELATIONS[tie.relation]} {right}"
    for name in tie.each:
        if name not in outer:
            labels = _labels(name, tie, indicators)
            yield f"〔{name}〕依次为：" + "、".join(labels.get(value, value) for value in tie.each[name])


def _words(term: str, indicators: Mapping[str, Indicator]) -> str:
    """A term in words: ``base:documents.{kind}.valid`` as ``上年的规章和行政规范性文件·〔kind〕·现行有效件数``."""
    head, *members = term.removeprefix(MINUS).removeprefix(BASE).split(".")
    indicator = indicators.get(head)
    if indicator is None or len(members) != len(indicator.members):
        raise Refusal(f"勾稽规则引用了不存在的数字 {term}", todo="更正 expectations/ties.toml 中的名称")
    words = [indicator.name]
    for member, labels in zip(members, indicator.members.values(), strict=True):
        words.append("各分项" if member == EVERY else labels.get(member, f"〔{member.strip('{}')}〕"))
    text = ("上年的" if BASE in term else "") + "·".join(words)
    return (MINUS if term.startswith(MINUS) else "") + (f"Σ（{text}）" if EVERY in members else text)


def _labels(name: str, tie: Tie, indicators: Mapping[str, Indicator]) -> Mapping[str, str]:
    """Labels of the dimension that ``{name}`` runs through."""
    for term in (*tie.left, *tie.right):
        _, *members = term.split(".")
        for head in _heads_of(term, tie) if f"{{{name}}}" in members else ():
            return list(indicators[head].members.values())[members.index(f"{{{name}}}")]
    return {}


def _cited(tie: Tie) -> set[str]:
    return {head for term in (*tie.left, *tie.right) for head in _heads_of(term, tie)}


def _head_of(term: str) -> str:
    return term.removeprefix(MINUS).removeprefix(BASE).partition(".")[0]


def _heads_of(term: str, tie: Tie) -> list[str]:
    """Codes of the indicators that a term names, every value of its places filled in."""
    names = list(tie.each)
    return list(dict.fromkeys(_bound(_head_of(term), names, values) for values in product(*tie.each.values())))


def _bound(term: str, names: Sequence[str], values: Sequence[str]) -> str:
    for name, value in zip(names, values, strict=True):
        term = term.replace(f"{{{name}}}", value)
    return term
