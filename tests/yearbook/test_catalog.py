"""The catalogue: the project's own is coherent, and each way to contradict itself is refused with file and entry."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from tasks.library import Library, load_library, require_bodies
from yearbook.catalog import (
    Code,
    parse_codes,
    parse_headings,
    parse_indicators,
    parse_rules,
    parse_sources,
    parse_ties,
    parse_waivers,
)
from yearbook.catalog.conditions import fault
from yearbook.errors import Refusal

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return load_library(PROJECT).texts


def test_the_catalogue_fits_together(texts: dict[str, str]) -> None:
    library = Library(texts)
    library.require_coherent()
    assert len(library.indicators) == 20
    assert sum(1 for i in library.indicators.values() for _ in i.combinations()) == 252


def test_every_file_is_named_by_an_entry(texts: dict[str, str]) -> None:
    """One entry, one file: nothing lies about that nobody reads."""
    library = Library(texts)
    wanted = {f"sql/{indicator.sql_name}" for indicator in library.indicators.values()}
    for source in library.sources.values():
        wanted.add(f"expectations/{source.code}.toml")
        if source.kind == "database":
            wanted |= {f"sql/{source.code}/extract/{extract.code}.sql" for extract in source.extracts}
            wanted.add(f"sql/{source.code}/probe.sql")
        else:
            wanted.add(f"sql/{source.code}/columns.csv")
    wanted |= {"sql/sources.toml", "sql/indicators.toml", "expectations/ties.toml", "expectations/waivers.toml"}
    wanted |= {f"sql/codes/{name}.csv" for name in library.codes}
    assert set(texts) == wanted


def test_every_code_list_is_used(texts: dict[str, str]) -> None:
    library = Library(texts)
    queries = "\n".join(text for name, text in texts.items() if name.endswith(".sql"))
    checked = {rule.codes for rule in library.rules}
    for name in library.codes:
        assert name in checked or f"code_{name} " in queries, name


def test_codes_count_in_members_that_exist_or_are_treated_on_purpose(texts: dict[str, str]) -> None:
    library = Library(texts)
    members = {member for i in library.indicators.values() for labels in i.members.values() for member in labels}
    members |= {i.code for i in library.indicators.values() if not i.members}
    assert not members & Code.TREATMENTS
    for name, codes in library.codes.items():
        assert {code.counts_as for code in codes} <= members | Code.TREATMENTS, name


def test_a_code_that_a_query_leaves_out_says_why(texts: dict[str, str]) -> None:
    """Where a query groups by a list, a code that is not counted has a note; ``other`` is nobody's refuge."""
    library = Library(texts)
    queries = "\n".join(text for name, text in texts.items() if name.endswith(".sql"))
    left_out = [
        (name, code)
        for name, codes in library.codes.items()
        for code in codes
        if f"code_{name} " in queries and code.counts_as == "not_counted"
    ]
    assert len(left_out) == 25
    assert [(name, code.code) for name, code in left_out if not code.note] == []


def test_the_national_plate_classes_are_complete(texts: dict[str, str]) -> None:
    codes = {code.code for code in Library(texts).codes["plate_class"]}
    wanted = {*range(1, 28), *range(31, 34), *range(41, 44), 51, 52, 99}
    assert codes == {f"{number:02}" for number in wanted}


def sizes_out_of_order(codes: Sequence[Code]) -> list[str]:
    """Codes of small vehicles that stand before those of the large ones.

    National lists go from large to small. Names that differ in nothing but 大型 and 小型 are therefore a pair whose
    large one has the smaller code; a list with the two swapped, as some programs have 51 and 52, is found by that.
    """
    large = {code.name.replace("大型", ""): code for code in codes if "大型" in code.name}
    small = {code.name.replace("小型", ""): code for code in codes if "小型" in code.name}
    return [small[name].code for name in large.keys() & small.keys() if small[name].code < large[name].code]


def test_licence_classes_of_one_letter_count_in_one_group(texts: dict[str, str]) -> None:
    """The query on drivers looks at the letter of the leading class."""
    groups = {(code.code[0], code.counts_as) for code in Library(texts).codes["licence_class"]}
    assert len(groups) == len(dict(groups)) == 9


def test_large_comes_before_small(texts: dict[str, str]) -> None:
    library = Library(texts)
    for name, codes in library.codes.items():
        assert sizes_out_of_order(codes) == [], name
    swap = {"51,大型": "51,小型", "52,小型": "52,大型"}
    text = texts["sql/codes/plate_class.csv"]
    for old, new in swap.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    assert sizes_out_of_order(parse_codes("plate_class", text)) == ["51"]


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("expectations/vehicles.toml", 'extract = "vehicle_register"', 'extract = "vehicle_registre"', "VEH-21"),
        ("expectations/vehicles.toml", 'columns = ["kind_code"]', 'columns = ["kind"]', "没有列 kind"),
        ("expectations/enforcement.toml", 'beside = "market"', 'beside = "markets"', "beside 没有来源 markets"),
        ("expectations/portal.toml", 'codes = "portal_section"', 'codes = "portal"', "没有代码表 portal"),
        ("expectations/portal.toml", "[POR-02]", "[POR-2]", "POR-2"),
        ("expectations/fees.toml", 'check = "between"', 'check = "among"', "check"),
        ("expectations/fees.toml", "low = 0", "", "FEE-04"),
        ("expectations/fees.toml", 'severity = "fatal"', 'severity = "deadly"', "severity"),
        ("expectations/fees.toml", 'severity = "fatal"', "severity = fatal", "TOML"),
        ("expectations/ties.toml", "applications_results.*.{applicant}", "applications_result.*.{applicant}", "T3-2"),
        ("expectations/ties.toml", "cases.{route}.*", "cases.{rout}.*", "T4-1"),
        ("expectations/ties.toml", 'right = ["published_items.total"]', 'right = ["60"]', "裸数字"),
        ("sql/indicators.toml", 'wording = "truncated_wan"', 'wording = "round"', "没有印刷写法 round"),
        ("sql/indicators.toml", 'extracts = ["incident_call"]', 'extracts = ["incidents"]', "没有来源"),
        ("sql/indicators.toml", 'unit = "辆"', 'unit = "台"', "unit"),
        ("sql/indicators.toml", 'unit = "辆"', 'unit = "辆"\nunits = "辆"', "units"),
        ("sql/sources.toml", 'key = ["serial"]', 'key = ["number"]', "没有列 number"),
        ("sql/sources.toml", 'serial = "code"', 'serial = "code secret"', "secret"),
        ("sql/sources.toml", 'serial = "code"', 'serial = "string"', "type"),
        ("expectations/ties.toml", '"base:documents', '"200**documents', "T2-1"),
        ("expectations/ties.toml", 'related = ["T2-2"]', 'related = ["T2-9"]', "没有规则 T2-9"),
        ("expectations/ties.toml", 'unless = "rule_making"', 'unless = "rulemaking"', "unless"),
        ("expectations/ties.toml", "since = 2021", "since = 2021\nuntil = 2020", "until 早于 since"),
        (
            "expectations/ties.toml",
            'list = ["motor_vehicles", "drivers", "market_entities"]',
            "list = []",
            "each 中有空的一项",
        ),
        ("expectations/ties.toml", "limit = 400", "limit = -5", "须大于 0"),
        ("expectations/ties.toml", 'kind = "years"', 'kind = "years"\nlimit = 5', "years 不用 limit"),
        ("expectations/fees.toml", "low = 0", "low = 5\nhigh = 4", "low 大于 high"),
        ("expectations/fees.toml", 'condition = "', 'condition = "random() < 0.5 and ', "random"),
        ("expectations/ties.toml", 'kind = "outlier"', 'kind = "outsider"', "kind"),
        ("expectations/ties.toml", "limit = 400\n", "", "T2-3"),
        ("expectations/ties.toml", 'owner = "财务室"', 'owner = ""', "owner：不能为空"),
        ("expectations/vehicles.toml", 'codes = "vehicle_status"', 'codes = ""', "还要写 codes"),
        (
            "expectations/vehicles.toml",
            'codes = "vehicle_status"',
            'codes = "vehicle_status"\npattern = "A"',
            "不用 pattern",
        ),
        ("expectations/vehicles.toml", 'treated = "counted_until_left"', 'treated = "left"', "没有归入 left 的代码"),
        (
            "expectations/vehicles.toml",
            'columns = ["applied_at", "completed_at"]',
            'columns = ["applied_at"]',
            "应为 2 列",
        ),
        (
            "expectations/fees.toml",
            'check = "row_count"',
            'check = "row_count"\ntolerance = 1',
            "不用 where 和 tolerance",
        ),
        ("sql/codes/case_route.csv", "复议后起诉", "行政复议", "重复"),
        ("sql/codes/case_route.csv", "direct_suit", "Direct", "条目 未经复议直接起诉：counts_as"),
    ],
)
def test_a_contradiction_is_refused(texts: dict[str, str], file: str, old: str, new: str, words: str) -> None:
    assert old in texts[file]
    broken = Library({**texts, file: texts[file].replace(old, new)})
    with pytest.raises(Refusal) as refusal:
        broken.require_coherent()
    assert words in str(refusal.value)


WAIVER = """
[[waiver]]
body = "demo"
year = 2023
rule = "O-1"
cell = "机动车保有量"
difference = "51"
reason = "区划调整"
owner = "综合办"
until = 2024-06-30
"""
EXPLANATION = """
[[explanation]]
body = "demo"
year = 2023
rule = "T2-1"
cell = "documents.normative.valid"
amount = -29
text = "含自然失效29件"
owner = "综合办"
"""


def test_exceptions_are_those_of_one_body_and_year(texts: dict[str, str]) -> None:
    library = Library({**texts, "expectations/waivers.toml": WAIVER + EXPLANATION})
    library.require_coherent()
    [waiver], [explanation] = library.exceptions("demo", 2023)
    assert (waiver.rule, waiver.difference, waiver.until) == ("O-1", "51", date(2024, 6, 30))
    assert (explanation.rule, explanation.amount) == ("T2-1", -29)
    assert library.exceptions("demo", 2022) == library.exceptions("yunlu", 2023) == ((), ())


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('rule = "O-1"', 'rule = "O-9"', "没有规则 O-9"),
        ('rule = "T2-1"', 'rule = "O-1"', "没有勾稽算式 O-1"),
        ("documents.normative.valid", "documents.valid", "没有数字 documents.valid"),
        ("until = 2024-06-30", "", "waiver 第 1 条：until：缺少这一项"),
        ('reason = "区划调整"', 'reason = ""', "reason：不能为空"),
        ("amount = -29", "", "rule 和 amount 须同时写"),
        ('rule = "T2-1"\n', "", "rule 和 amount 须同时写"),
        (
            'rule = "T2-1"\ncell = "documents.normative.valid"\namount = -29',
            'cell = "drivers.total"',
            "须写 rule 和 amount",
        ),
        ("[[waiver]]", "[waiver]", "两层方括号"),
        ("[[waiver]]", "[[waver]]", "waver"),
        ("amount = -29", "amount = -29\nuntil = 2024-01-01", "until：没有这个键"),
    ],
)
def test_a_wrong_exception_is_refused(texts: dict[str, str], old: str, new: str, words: str) -> None:
    text = WAIVER + EXPLANATION
    assert old in text
    broken = Library({**texts, "expectations/waivers.toml": text.replace(old, new)})
    with pytest.raises(Refusal) as refusal:
        broken.require_coherent()
    assert words in str(refusal.value)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("expectations/ties.toml", "写成 [T3-1] 一节"),
        ("expectations/vehicles.toml", "写成 [VEH-01] 一节"),
        ("sql/indicators.toml", "写成 [published_items] 一节"),
        ("sql/sources.toml", "写成 [vehicles] 一节"),
    ],
)
def test_an_entry_in_two_brackets_is_refused(texts: dict[str, str], file: str, words: str) -> None:
    name = words.split("[")[1].partition("]")[0]
    broken = Library({**texts, file: f'[[{name}]]\nsay = "甲。"\n'})
    with pytest.raises(Refusal) as refusal:
        broken.require_coherent()
    assert words in str(refusal.value)


def test_a_bare_key_is_refused(texts: dict[str, str]) -> None:
    file = "expectations/ties.toml"
    broken = Library({**texts, file: "limit = 5\n" + texts[file]})
    with pytest.raises(Refusal, match="条目 limit"):
        broken.require_coherent()


def test_a_file_of_rules_that_nobody_reads_is_refused(texts: dict[str, str]) -> None:
    broken = Library({**texts, "expectations/veicles.toml": ""})
    with pytest.raises(Refusal, match=r"expectations/veicles.toml 没有对应的来源"):
        broken.require_coherent()


def test_an_extract_without_a_rule_on_its_rows_is_refused(texts: dict[str, str]) -> None:
    broken = Library({**texts, "expectations/fees.toml": ""})
    with pytest.raises(Refusal, match="fee_line：每个提取至少要有一条行数规则"):
        broken.require_coherent()


def test_an_exception_for_nobody_is_refused(texts: dict[str, str], tmp_path: Path) -> None:
    agencies = tmp_path / "deployments" / "agencies"
    agencies.mkdir(parents=True)
    (agencies / "yunlu.toml").touch()
    with pytest.raises(Refusal, match="机构 demo 没有登记"):
        require_bodies(Library({**texts, "expectations/waivers.toml": WAIVER}), tmp_path)
    (agencies / "demo.toml").touch()
    require_bodies(Library({**texts, "expectations/waivers.toml": WAIVER + EXPLANATION}), tmp_path)


@pytest.mark.parametrize(
    "condition",
    [
        "amount_yuan = quantity * unit_price_yuan",
        "extract(hour from completed_at) < 22",
        "item like '%select ; -- random()%'",
        "coalesce(result, '') <> '' or answered_on is null",
    ],
)
def test_a_condition_on_one_row_is_taken(condition: str) -> None:
    assert fault(condition) == ""


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("true) or (true", "右括号"),
        ("(quantity > 0", "没有成对"),
        ("item = 'a", "引号没有成对"),
        ("random() < 0.5", "random"),
        ("paid_on < Current_Date", "current_date"),
        ("paid_on < now()", "now"),
        ("quantity > (select max(n) from other)", "from、select"),
        ("extract(hour from t) > (from other)", "from"),
        ("row_number() over () = 1", "over"),
        ("true; copy x to 'y'", ";"),
        ("true -- and false", "--"),
        ("true /* and false", "/*"),
    ],
)
def test_a_condition_beyond_its_row_is_refused(condition: str, words: str) -> None:
    assert words in fault(condition)


def test_a_native_expectation_stays_away_from_personal_columns(texts: dict[str, str]) -> None:
    rule = """
[VEH-27]
extract = "licence_register"
check = "expectation"
severity = "warning"
columns = ["{column}"]
expectation = "ExpectColumnUniqueValueCountToBeBetween"
arguments = {{ min_value = 1 }}
say = "有。"
say_en = "There are."
do = "查。"
"""
    name = "expectations/vehicles.toml"
    Library({**texts, name: texts[name] + rule.format(column="status")}).require_coherent()
    broken = Library({**texts, name: texts[name] + rule.format(column="identity_number")})
    with pytest.raises(Refusal, match="个人信息列 identity_number"):
        broken.require_coherent()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ('{ column_list = ["serial", "plate_number"] }', "个人信息列 plate_number"),
        ('{ deep = { down = ["plate_number"] } }', "个人信息列 plate_number"),
        (
            """{ row_condition = 'col("plate_number")=="x"', condition_parser = "great_expectations" }""",
            "row_condition",
        ),
    ],
)
def test_a_personal_column_is_found_however_deep_it_stands(texts: dict[str, str], arguments: str, words: str) -> None:
    rule = f"""
[VEH-27]
extract = "vehicle_register"
check = "expectation"
severity = "warning"
expectation = "ExpectCompoundColumnsToBeUnique"
arguments = {arguments}
say = "有。"
say_en = "There are."
do = "查。"
"""
    name = "expectations/vehicles.toml"
    with pytest.raises(Refusal, match=words):
        Library({**texts, name: texts[name] + rule}).require_coherent()


@pytest.mark.parametrize(
    "file",
    ["expectations/waivers.toml", "sql/fees/columns.csv", "sql/vehicles/motor_vehicles.sql", "expectations/fees.toml"],
)
def test_a_missing_file_is_refused(texts: dict[str, str], file: str) -> None:
    broken = Library({name: text for name, text in texts.items() if name != file})
    with pytest.raises(Refusal, match=file):
        broken.require_coherent()


def test_headings_change_by_a_new_row() -> None:
    text = "extract,column,since,header\nx,a,2008,甲\nx,b,2008,乙\nx,a,2022,新甲\n"
    for year, header in ((2021, "甲"), (2022, "新甲")):
        assert [(h.column, h.header) for h in parse_headings("s", text, year)["x"]] == [("a", header), ("b", "乙")]
    with pytest.raises(Refusal, match="2007"):
        parse_headings("s", text, 2007)


@pytest.mark.parametrize(
    ("row", "entry", "key"),
    [
        ("71,甲,car,,2020-01-01,,", "71", "source：不能为空"),
        ("71,甲,car, ,2020-01-01,,", "71", "source：不能为空"),
        ("71,甲,car,国标,,,", "71", "since"),
        ("71,甲,car", "71", "source"),
        ("71,甲,car,国标,2020-02-30,,", "71", "since：须写成"),
        ("71,甲,car,国标,20200130,,", "71", "since：须写成"),
        ("71,甲,car,国标,2020-W05-4,,", "71", "since：须写成"),
        ("71,甲,car,国标,1580342400,,", "71", "since：须写成"),
        ("71,甲,car,国标,2020-01-30,明天,", "71", "until：须写成"),
        ("71,甲,car,国标,2020-01-30,2020-01-29,", "71", "until 早于 since"),
        ("71,甲,car,国标,2020-01-30,,,多,", "71", "多出的单元格"),
        ("71,,car,国标,2020-01-30,,", "71", "name：不能为空"),
        (",甲,car,国标,2020-01-30,,", "第 3 行", "code：不能为空"),
        ("71,甲,Car,国标,2020-01-30,,", "71", "counts_as"),
    ],
)
def test_a_code_without_source_or_date_is_refused(row: str, entry: str, key: str) -> None:
    text = f"code,name,counts_as,source,since,until,note\n70,乙,car,国标,2020-01-01,,\n{row}\n"
    with pytest.raises(Refusal) as refusal:
        parse_codes("vehicles", text)
    assert refusal.value.what.startswith(f"sql/codes/vehicles.csv 的条目 {entry}：")
    assert key in refusal.value.what


@pytest.mark.parametrize("column", ["code", "name", "counts_as", "source", "since"])
def test_a_code_list_without_a_column_is_refused(column: str) -> None:
    head, row = ["code", "name", "counts_as", "source", "since"], ["71", "甲", "car", "国标", "2020-01-01"]
    place = head.index(column)
    text = "\n".join(",".join(cells[:place] + cells[place + 1 :]) for cells in (head, row))
    with pytest.raises(Refusal, match=column):
        parse_codes("vehicles", text)


def test_a_code_ends_on_the_day_it_began_at_the_earliest() -> None:
    text = "code,name,counts_as,source,since,until\n71,甲,car,国标,2020-01-30,2020-01-30\n72,乙,car,国标,2020-01-31,\n"
    first, second = parse_codes("vehicles", text)
    assert (first.source, first.since, first.until) == ("国标", date(2020, 1, 30), date(2020, 1, 30))
    assert (second.since, second.until, second.note) == (date(2020, 1, 31), None, "")


@pytest.mark.parametrize(
    "parse",
    [
        parse_sources,
        parse_indicators,
        parse_ties,
        parse_waivers,
        lambda text: parse_rules("x", text),
        lambda text: parse_codes("x", text),
    ],
)
def test_nonsense_is_refused(parse: object) -> None:
    with pytest.raises(Refusal):
        parse("[a]\nb = ")  # type: ignore[operator]
