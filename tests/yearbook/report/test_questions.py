"""Questions of a draft: what changed, what contributed, where the answer goes; and the same inside the documents."""

import io
import zipfile
from dataclasses import replace

import pytest
from docx import Document
from lxml import html

from tasks.library import load_library
from tests.conftest import PROJECT
from tests.yearbook.factory import figure
from tests.yearbook.report.samples import sample_report
from yearbook.catalog import Explanation
from yearbook.figure import Figures
from yearbook.quantity import Unit
from yearbook.report.docx import write_docx
from yearbook.report.html import write_html
from yearbook.report.questions import Question, questions
from yearbook.report.remarks import remarked_docx, remarked_html
from yearbook.ties import cells_of, judge
from yearbook.ties.own import own_ties
from yearbook.verdict import Status, Verdict

FIGURES = Figures(
    [
        figure("motor_vehicles.total", 9041, base=6017, name="机动车保有量", unit=Unit.VEHICLE),
        replace(figure("motor_vehicles.car", 7019, base=5008, unit=Unit.VEHICLE), label="汽车"),
        replace(figure("motor_vehicles.motorcycle", 2022, base=1001, unit=Unit.VEHICLE), label="摩托车"),
        replace(figure("motor_vehicles.trailer", 0, base=8, unit=Unit.VEHICLE), label="挂车"),
        figure("drivers.total", 1003, base=1002),
        figure("drivers.automobile", 1003, base=1002),
        figure("licensing_decisions", 5003, base=5001, name="行政许可处理决定"),
        figure("vehicle_business.total", 3001, base=3000),
        figure("licence_business.total", 1001, base=1000),
    ]
)
TIES = tuple(
    tie
    for tie in own_ties(load_library(PROJECT).ties, {known.indicator for known in FIGURES.values()})
    if tie.code in {"O-1", "B-2"}
)


def findings() -> list[Verdict]:
    answers = judge(TIES, cells_of(FIGURES), year=2023, properties=frozenset())
    return [verdict for verdict in answers if verdict.status is Status.FAILED]


def ask(found: list[Verdict], explanations: tuple[Explanation, ...] = ()) -> tuple[Question, ...]:
    return questions(
        found,
        ties=TIES,
        explanations=explanations,
        figures=FIGURES,
        body="yunlu",
        year=2023,
        template="deployments/wording/a.txt",
        lines={"motor_vehicles.total": 43},
    )


def test_an_unusual_change_is_asked_for_with_its_largest_parts() -> None:
    [question] = [asked for asked in ask(findings()) if asked.rule == "O-1"]
    assert question.what == ("机动车保有量本年9,041辆，上年6,017辆，增加3,024辆（50.26%）；通常变化不超过 20%")
    assert question.parts == (
        "变化主要来自汽车增加2,011辆（+33.42个百分点）、摩托车增加1,021辆（+16.97个百分点）、挂车减少8辆（-0.13个百分点）"
    )
    assert "a.txt 第 43 行" in question.answer
    assert "yearbook decide yunlu 2023 O-1 --as justified" in question.answer


def test_a_difference_is_answered_in_the_catalogue() -> None:
    [question] = [asked for asked in ask(findings()) if asked.rule == "B-2"]
    assert "相差 1001" in question.what
    assert 'cell = "licensing_decisions"，amount = 1001' in question.answer


def test_what_is_explained_is_not_asked() -> None:
    entry = Explanation(
        body="yunlu", year=2023, cell="motor_vehicles.total", text="辖区调整", owner="甲", scope="含划入街道"
    )
    assert [asked.rule for asked in ask(findings(), (entry,))] == ["B-2"]


def test_other_findings_are_not_asked() -> None:
    [verdict] = [verdict for verdict in findings() if verdict.code == "O-1"]
    assert ask([replace(verdict, code="VEH-01"), replace(verdict, figures=("gone",))]) == ()


def question(code: str, words: str) -> Question:
    return Question("O-1", code, "某数", words, "", "写在<某>处")


@pytest.fixture(scope="module")
def document() -> bytes:
    return write_docx(sample_report())


def commented(data: bytes) -> dict[str, str]:
    """Commented words by comment."""
    word = Document(io.BytesIO(data))
    body = word.element.body
    found = {}
    for comment in word.comments:
        [start] = body.xpath(f".//w:commentRangeStart[@w:id='{comment.comment_id}']")
        words = ""
        for element in start.itersiblings():
            if element.tag.endswith("}commentRangeEnd"):
                break
            words += "".join(text.text for text in element.xpath(".//w:t"))
        found[comment.text] = words
    return found


def test_a_comment_stands_at_its_number_and_nothing_else_changes(document: bytes) -> None:
    report = sample_report()
    asked = [
        question("vehicle_business.total", "甲"),
        question("motor_vehicles.trailer", "乙"),
        question("applications_received.natural_person", "丙"),
        question("nowhere", "丁"),
    ]
    data = remarked_docx(document, report, asked)
    title = Document(io.BytesIO(document)).paragraphs[0].text.replace("\n", "")
    assert commented(data) == {
        asked[0].text: "15万余",
        asked[1].text: "1254",
        asked[2].text: "1234567",
        asked[3].text: title,
    }
    before, after = (Document(io.BytesIO(each)) for each in (document, data))
    assert [p.text for p in after.paragraphs] == [p.text for p in before.paragraphs]
    assert [[c.text for c in row.cells] for t in after.tables for row in t.rows] == [
        [c.text for c in row.cells] for t in before.tables for row in t.rows
    ]


def test_a_remarked_document_has_no_moment_and_the_same_bytes(document: bytes) -> None:
    asked = [question("vehicle_business.total", "甲")]
    data = remarked_docx(document, sample_report(), asked)
    assert data == remarked_docx(document, sample_report(), asked)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert b"w:date" not in package.read("word/comments.xml")


def test_a_document_without_questions_stays_as_it_is(document: bytes) -> None:
    assert remarked_docx(document, sample_report(), []) is document


def test_the_page_lists_the_questions_first_and_escaped() -> None:
    page = write_html(sample_report())
    tree = html.document_fromstring(remarked_html(page, [question("vehicle_business.total", "甲<乙")]).decode())
    [item] = tree.xpath("//main/section[1]//li")
    assert "甲<乙" in item.text_content()
    [link] = item.xpath("./a/@href")
    assert tree.get_element_by_id(link.removeprefix("#")) is not None
    assert "没有待说明的事项" in remarked_html(page, []).decode()


def test_a_page_without_main_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="main"):
        remarked_html(b"<p>x</p>", [])
