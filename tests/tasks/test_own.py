"""The catalogue of one body: what it registers, who acts there, and what is refused."""

from pathlib import Path

import pytest

from tasks.agency import Agency, load_agency
from tasks.library import Library, load_library
from tasks.own import every_body, own_library
from yearbook.errors import Refusal

PROJECT = Path(__file__).parents[2]
BODIES = ("demo", "qinghe", "yunlu")


@pytest.fixture(scope="module")
def whole() -> Library:
    """The whole catalogue."""
    return load_library(PROJECT)


def agency(code: str) -> Agency:
    return load_agency(PROJECT, code)[0]


@pytest.mark.parametrize("code", BODIES)
def test_a_body_has_its_sources_and_what_is_counted_from_them(whole: Library, code: str) -> None:
    body = agency(code)
    own = own_library(whole, body)
    assert list(own.sources) == [source for source in whole.sources if source in body.sources]
    assert list(own.indicators) == [c for c, one in whole.indicators.items() if one.source in body.sources]
    assert {rule.source for rule in own.rules} == set(body.sources)


def test_the_two_kinds_share_what_the_form_needs_and_nothing_else(whole: Library) -> None:
    bodies = every_body(whole, PROJECT)
    traffic, market = bodies["demo"], bodies["qinghe"]
    assert set(traffic.sources) & set(market.sources) == {"portal", "register", "licensing", "fees", "enforcement"}
    assert set(whole.sources) == set(traffic.sources) | set(market.sources)
    assert set(whole.indicators) == set(traffic.indicators) | set(market.indicators)
    assert {rule.code for rule in whole.rules} == {rule.code for own in bodies.values() for rule in own.rules}
    assert {tie.code for tie in whole.ties} == {tie.code for own in bodies.values() for tie in own.ties}


def test_files_of_another_kind_of_body_are_no_input(whole: Library) -> None:
    own = own_library(whole, agency("qinghe"))
    others = {
        name
        for name in whole.texts
        if name.startswith(("sql/vehicles/", "sql/incidents/"))
        or name in {"expectations/vehicles.toml", "expectations/incidents.toml"}
    }
    lists = {"sql/codes/plate_class.csv", "sql/codes/licence_class.csv", "sql/codes/incident_status.csv"}
    assert len(others) > 10
    assert not (others | lists) & set(own.texts)
    assert {"sql/codes/transaction_status.csv", "sql/codes/entity_status.csv"} <= set(own.texts)
    queries = "".join(map(own.indicator_sql, own.indicators.values()))
    asked = {rule.codes for rule in own.rules}
    assert not [name for name in own.codes if name not in asked and f"code_{name} " not in queries]


def test_a_rule_beside_another_source_is_asked_of_bodies_that_have_both(whole: Library) -> None:
    traffic, market = ({rule.code for rule in own_library(whole, agency(code)).rules} for code in ("demo", "qinghe"))
    assert {"INC-57", "FEE-23"} <= traffic - market
    assert "INC-58" in market - traffic
    assert "INC-55" in traffic & market


def test_who_acts_is_called_as_in_the_body(whole: Library) -> None:
    own = own_library(whole, agency("qinghe"))
    renamed = set(agency("qinghe").owners)
    assert not renamed & own.names_of_owners()
    assert {"办公室", "法规股", "登记注册股"} <= own.names_of_owners()
    words = [entry.do for entry in (*own.rules, *own.ties)]
    assert not any(name in text for name in renamed for text in words)
    [rule] = (rule for rule in own.rules if rule.code == "INC-46")
    assert rule.do.startswith("由法规股核对决定状态")
    # without names of its own a body keeps the catalogue's
    assert "大队综合办" in own_library(whole, agency("demo")).names_of_owners()


def test_a_longer_name_is_not_taken_for_the_shorter_one_in_it(whole: Library) -> None:
    owners = {"法制员": "甲", "事故处理中队、法制员": "乙"}
    own = own_library(whole, agency("demo").model_copy(update={"owners": owners}))
    assert {tie.owner for tie in own.ties if tie.code in {"B-3a", "O-3"}} == {"乙"}
    assert own.sources["enforcement"].owner == "甲"


def without(body: Agency, source: str) -> Agency:
    return body.model_copy(update={"sources": {c: at for c, at in body.sources.items() if c != source}})


@pytest.mark.parametrize(
    ("source", "cell"),
    [
        ("enforcement", "表二 行政处罚 本年处理决定数量"),
        ("licensing", "表二 行政许可 本年处理决定数量"),
        ("fees", "表二 行政事业性收费 本年收费金额（单位：万元）"),
        ("portal", "表二 规章 本年制发件数"),
        ("register", "表三 第1行（一、本年新收政府信息公开申请数量）自然人列"),
    ],
)
def test_a_body_that_cannot_fill_the_form_is_refused_with_the_cell(whole: Library, source: str, cell: str) -> None:
    with pytest.raises(Refusal) as refusal:
        own_library(whole, without(agency("qinghe"), source))
    assert f"没有登记来源 {source}（" in refusal.value.what
    assert cell in refusal.value.what
    assert f"deployments/agencies/qinghe.toml 增加 [sources.{source}]" in refusal.value.todo


@pytest.mark.parametrize("source", ["vehicles", "incidents"])
def test_a_source_that_the_form_does_not_need_may_be_missing(whole: Library, source: str) -> None:
    own = own_library(whole, without(agency("demo"), source))
    assert source not in own.sources
    assert not any(source == indicator.source for indicator in own.indicators.values())


def test_a_cell_that_the_catalogue_cannot_fill_is_refused(whole: Library) -> None:
    file = "sql/indicators.toml"
    text = whole.texts[file].replace("[penalty_decisions]", "[penalties]")
    with pytest.raises(Refusal, match="表二 行政处罚 本年处理决定数量 没有数字：目录中没有 penalty_decisions"):
        own_library(
            Library(
                {
                    **whole.texts,
                    file: text,
                    "sql/enforcement/penalties.sql": "",
                }
            ),
            agency("demo"),
        )


@pytest.mark.parametrize(("key", "name"), [("sources", "enforcment"), ("owners", "大队综合班")])
def test_a_name_that_the_catalogue_does_not_have_is_refused(whole: Library, key: str, name: str) -> None:
    body = agency("qinghe")
    entries = {**getattr(body, key), name: next(iter(getattr(body, key).values()))}
    with pytest.raises(Refusal) as refusal:
        own_library(whole, body.model_copy(update={key: entries}))
    assert f"deployments/agencies/qinghe.toml 的 {key} 中有目录里没有的名称 {name}" in refusal.value.what
    assert refusal.value.todo
