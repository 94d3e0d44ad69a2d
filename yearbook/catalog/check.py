"""Do the catalogue's files speak of the same things?

Asked before any source is read, so that no rule is skipped in silence and no run ends late.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from yearbook.catalog.conditions import fault
from yearbook.catalog.entries import Code, Extract, Indicator, Source
from yearbook.catalog.exceptions import Explanation, Waiver
from yearbook.catalog.parse import fail
from yearbook.catalog.rules import Rule, Tie


def require_coherent(
    sources: Mapping[str, Source],
    indicators: Mapping[str, Indicator],
    rules: Iterable[Rule],
    codes: Mapping[str, Sequence[Code]],
    *,
    policies: Collection[str],
) -> None:
    """Refuse a catalogue whose entries name what does not exist.

    Args:
        sources: Sources by code.
        indicators: Indicators by code.
        rules: Expectations of all sources.
        codes: Code lists by name.
        policies: Printing policies there are.

    Raises:
        Refusal: An entry names an unknown source, extract, column, code list or printing policy; or an extract or rule
            code is used twice.
    """
    extracts = _extracts(sources)
    every = tuple(rules)
    _require_rules(every, extracts, codes)
    for rule in every:
        if rule.beside and rule.beside not in sources:
            raise fail(f"expectations/{rule.source}.toml", rule.code, f"beside 没有来源 {rule.beside}")
    _require_indicators(indicators.values(), sources, extracts, policies)


def _require_indicators(
    indicators: Iterable[Indicator],
    sources: Mapping[str, Source],
    extracts: Mapping[str, Extract],
    policies: Collection[str],
) -> None:
    for indicator in indicators:
        unknown = [name for name in indicator.extracts if name not in extracts]
        if indicator.source not in sources or unknown:
            raise fail(
                "sql/indicators.toml", indicator.code, f"没有来源 {indicator.source} 或提取 {'、'.join(unknown)}"
            )
        used = {indicator.wording, *indicator.member_wording.values()}
        if wrong := sorted(used.difference(policies)):
            raise fail(
                "sql/indicators.toml", indicator.code, f"没有印刷写法 {'、'.join(wrong)}，可用 {'、'.join(policies)}"
            )
        members = {".".join(combination) for combination in indicator.combinations()}
        if wrong := sorted(set(indicator.member_wording).difference(members)):
            raise fail("sql/indicators.toml", indicator.code, f"member_wording 中没有成员 {'、'.join(wrong)}")


def _extracts(sources: Mapping[str, Source]) -> dict[str, Extract]:
    extracts: dict[str, Extract] = {}
    for source in sources.values():
        for extract in source.extracts:
            if extract.code in extracts:
                raise fail("sql/sources.toml", source.code, f"提取 {extract.code} 重名")
            names = {column.name for column in extract.columns}
            used = (*extract.key, extract.total_column, extract.year_column, *extract.units, *extract.fill_down)
            if wrong := [name for name in used if name and name not in names]:
                raise fail("sql/sources.toml", extract.code, f"没有列 {'、'.join(wrong)}")
            _require_usable(extract)
            extracts[extract.code] = extract
    return extracts


def _require_usable(extract: Extract) -> None:
    """Refuse a unit on a column that is no number, a year by a column that is no date, a year without a column."""
    kinds = {column.name: column.type for column in extract.columns}
    if wrong := [name for name in extract.units if kinds[name] not in {"integer", "money"}]:
        raise fail("sql/sources.toml", extract.code, f"units 中的 {'、'.join(wrong)} 不是 integer 或 money 列")
    if extract.year_column and kinds[extract.year_column] not in {"date", "moment"}:
        raise fail("sql/sources.toml", extract.code, f"year_column {extract.year_column} 不是 date 或 moment 列")
    if extract.one_year and not extract.year_column:
        raise fail("sql/sources.toml", extract.code, "one_year 须同时写 year_column")


def _require_rules(rules: Sequence[Rule], extracts: Mapping[str, Extract], codes: Mapping[str, Sequence[Code]]) -> None:
    seen: set[str] = set()
    for rule in rules:
        file = f"expectations/{rule.source}.toml"
        extract = extracts.get(rule.extract)
        if extract is None or extract.source != rule.source:
            raise fail(file, rule.code, f"来源 {rule.source} 没有提取 {rule.extract}")
        names = {column.name for column in extract.columns}
        if wrong := [name for name in rule.columns if name not in names]:
            raise fail(file, rule.code, f"提取 {rule.extract} 没有列 {'、'.join(wrong)}")
        if rule.code in seen:
            raise fail(file, rule.code, "规则编号重复")
        seen.add(rule.code)
        for name in ("condition", "where"):
            if found := fault(getattr(rule, name)):
                raise fail(file, rule.code, f"{name}：{found}")
        _require_codes(rule, codes)
        _require_reference(rule, extracts)
        _require_private(rule, extract)
    counted = {rule.extract for rule in rules if rule.check == "row_count"}
    if bare := sorted(set(extracts) - counted):
        source = extracts[bare[0]].source
        raise fail(f"expectations/{source}.toml", bare[0], "每个提取至少要有一条行数规则（row_count）")


def _require_codes(rule: Rule, codes: Mapping[str, Sequence[Code]]) -> None:
    if not rule.codes:
        return
    file = f"expectations/{rule.source}.toml"
    if rule.codes not in codes:
        raise fail(file, rule.code, f"没有代码表 {rule.codes}")
    if rule.treated and rule.treated not in {code.counts_as for code in codes[rule.codes]}:
        raise fail(file, rule.code, f"代码表 {rule.codes} 中没有归入 {rule.treated} 的代码")


def _require_reference(rule: Rule, extracts: Mapping[str, Extract]) -> None:
    if not rule.refers_to:
        return
    name, _, column = rule.refers_to.partition(".")
    found = extracts.get(name)
    if found is None or found.source != rule.source or column not in {c.name for c in found.columns}:
        raise fail(f"expectations/{rule.source}.toml", rule.code, f"refers_to {rule.refers_to} 不是本来源的 提取.列")


def _require_private(rule: Rule, extract: Extract) -> None:
    """The library may show what it observed, so its own metrics stay away from personal columns."""
    if rule.check != "expectation":
        return
    file = f"expectations/{rule.source}.toml"
    if banned := sorted({"row_condition", "condition_parser"} & set(rule.arguments)):
        raise fail(file, rule.code, f"arguments 不能有 {'、'.join(banned)}；要看一部分行的，改用其他 check 和 where")
    personal = {c.name for c in extract.columns if c.personal}
    if wrong := sorted(personal.intersection((*rule.columns, *_texts(rule.arguments)))):
        raise fail(file, rule.code, f"expectation 不得用于个人信息列 {'、'.join(wrong)}")


def _texts(value: object) -> Iterator[str]:
    """Every text in an argument, however deep it stands."""
    if isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)
    else:
        yield str(value)


def require_exceptions(
    waivers: Sequence[Waiver],
    explanations: Sequence[Explanation],
    *,
    rules: Collection[str],
    ties: Iterable[Tie],
    figures: Collection[str],
) -> None:
    """Refuse waivers and explanations that name what does not exist: nobody would ever read them.

    Args:
        waivers: Exceptions to rules.
        explanations: Explained differences.
        rules: Codes of all rules, tie-outs included.
        ties: Tie-outs; an explanation's amount belongs to an equation.
        figures: Codes of all figures there can be.

    Raises:
        Refusal: An entry names an unknown rule or figure, or a rule that knows no exception.
    """
    file = "expectations/waivers.toml"
    listed = list(ties)
    equations = {tie.code for tie in listed if tie.kind == "equation"}
    unwaivable = {tie.code for tie in listed if tie.kind == "readback"}
    for waiver in waivers:
        if waiver.rule in unwaivable:
            raise fail(file, f"{waiver.rule} {waiver.year}", f"规则 {waiver.rule} 不得豁免：成品文件印错的数只能改正")
        if waiver.rule not in rules:
            raise fail(file, f"{waiver.rule} {waiver.year}", f"没有规则 {waiver.rule}")
    for explanation in explanations:
        if explanation.rule and explanation.rule not in equations:
            raise fail(file, f"{explanation.cell} {explanation.year}", f"没有勾稽算式 {explanation.rule}")
        if explanation.cell not in figures:
            raise fail(file, f"{explanation.cell} {explanation.year}", f"没有数字 {explanation.cell}")
