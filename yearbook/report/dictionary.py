"""The dictionary: every indicator, source, rule, tie-out and code of the catalogue as one Chinese Markdown page.

Tells what the catalogue says and nothing that a run found, so the same catalogue gives the same text.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from yearbook.catalog import Code, Column, Extract, Indicator, Rule, Source, Tie
from yearbook.errors import Refusal
from yearbook.intake.rules import CLEAN_WORDS
from yearbook.report.code_lists import code_list
from yearbook.report.dictionary_rules import rules_of
from yearbook.report.dictionary_ties import CONSEQUENCES, cited_indicators, tie_of
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
        Refusal: An entry names a figure or a source that the catalogue does not have.
    """
    asked, tied = tuple(rules), tuple(ties)
    parts = [*_head(indicators, sources, asked, tied, codes), *_indicators(indicators, sources, asked, tied)]
    parts.append("## 二、来源和数据契约")
    for source in sources.values():
        parts += _source(source)
    parts.append("## 三、数据质量规则")
    for source in sources.values():
        parts += rules_of(source, [rule for rule in asked if rule.source == source.code])
    parts.append("## 四、勾稽规则")
    for tie in tied:
        parts += tie_of(tie, indicators, _known(indicators))
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
    figures = len(_known(indicators))
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


def _known(indicators: Mapping[str, Indicator]) -> tuple[str, ...]:
    """Codes of all figures."""
    return tuple(indicator.figure_code(c) for indicator in indicators.values() for c in indicator.combinations())


def _indicators(
    indicators: Mapping[str, Indicator], sources: Mapping[str, Source], rules: Sequence[Rule], ties: Sequence[Tie]
) -> Iterator[str]:
    cited = cited_indicators(ties, _known(indicators))
    yield "## 一、指标"
    for indicator in indicators.values():
        tied = [code for code, heads in cited.items() if indicator.code in heads]
        yield from _indicator(indicator, sources, rules, tied)


def _indicator(
    indicator: Indicator, sources: Mapping[str, Source], rules: Sequence[Rule], ties: Collection[str]
) -> Iterator[str]:
    source = sources.get(indicator.source)
    if source is None:
        raise Refusal(
            f"指标 {indicator.code} 的来源 {indicator.source} 不存在", todo="更正 sql/indicators.toml 的 source"
        )
    guards = [rule.code for rule in rules if rule.extract in indicator.extracts]
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
            "勾稽规则": "、".join(ties) or "无",
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
