"""The catalogue: the project's own is coherent, and each way to contradict itself is refused with file and entry."""

from pathlib import Path

import pytest

from tasks.library import Library, load_library
from yearbook.catalog import parse_codes, parse_headers, parse_indicators, parse_rules, parse_sources, parse_ties
from yearbook.errors import Refusal

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return load_library(PROJECT).texts


def test_the_catalogue_fits_together(texts: dict[str, str]) -> None:
    library = Library(texts)
    library.require_coherent()
    assert len(library.indicators) == 17
    assert sum(1 for i in library.indicators.values() for _ in i.combinations()) == 238


def test_every_file_is_named_by_an_entry(texts: dict[str, str]) -> None:
    """One entry, one file: nothing lies about that nobody reads."""
    library = Library(texts)
    wanted = {f"sql/{indicator.sql_name}" for indicator in library.indicators.values()}
    for source in library.sources.values():
        wanted.add(f"expectations/{source.code}.toml")
        if source.kind == "database":
            wanted |= {f"sql/{source.code}/extract/{extract.code}.sql" for extract in source.extracts}
        else:
            wanted.add(f"sql/{source.code}/columns.csv")
    wanted |= {"sql/sources.toml", "sql/indicators.toml", "expectations/ties.toml"}
    wanted |= {f"sql/codes/{name}.csv" for name in library.codes}
    assert set(texts) == wanted


def test_every_code_list_is_used(texts: dict[str, str]) -> None:
    library = Library(texts)
    queries = "\n".join(text for name, text in texts.items() if name.endswith(".sql"))
    for name in library.codes:
        assert f"code_{name} " in queries, name


def test_codes_count_in_members_that_exist(texts: dict[str, str]) -> None:
    library = Library(texts)
    members = {member for i in library.indicators.values() for labels in i.members.values() for member in labels}
    for name, codes in library.codes.items():
        assert {code.counts_as for code in codes} <= members, name


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("expectations/vehicles.toml", 'extract = "vehicle_register"', 'extract = "vehicle_registre"', "VEH-21"),
        ("expectations/vehicles.toml", 'columns = ["kind_code"]', 'columns = ["kind"]', "没有列 kind"),
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
        ("sql/codes/case_route.csv", "复议后起诉", "行政复议", "重复"),
    ],
)
def test_a_contradiction_is_refused(texts: dict[str, str], file: str, old: str, new: str, words: str) -> None:
    assert old in texts[file]
    broken = Library({**texts, file: texts[file].replace(old, new)})
    with pytest.raises(Refusal) as refusal:
        broken.require_coherent()
    assert words in str(refusal.value)


@pytest.mark.parametrize("file", ["sql/fees/columns.csv", "sql/vehicles/motor_vehicles.sql", "expectations/fees.toml"])
def test_a_missing_file_is_refused(texts: dict[str, str], file: str) -> None:
    broken = Library({name: text for name, text in texts.items() if name != file})
    with pytest.raises(Refusal, match=file):
        broken.require_coherent()


def test_headers_change_by_a_new_row() -> None:
    text = "extract,column,since,header\nx,a,2008,甲\nx,b,2008,乙\nx,a,2022,新甲\n"
    assert parse_headers("s", text, 2021) == {"x": {"a": "甲", "b": "乙"}}
    assert parse_headers("s", text, 2022) == {"x": {"a": "新甲", "b": "乙"}}
    with pytest.raises(Refusal, match="2007"):
        parse_headers("s", text, 2007)


@pytest.mark.parametrize(
    "parse",
    [
        parse_sources,
        parse_indicators,
        parse_ties,
        lambda text: parse_rules("x", text),
        lambda text: parse_codes("x", text),
    ],
)
def test_nonsense_is_refused(parse: object) -> None:
    with pytest.raises(Refusal):
        parse("[a]\nb = ")  # type: ignore[operator]
