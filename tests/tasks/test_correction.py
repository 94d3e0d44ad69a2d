"""A published edition is never overwritten: what a reader would see differently needs a reason and is a new edition."""

import dataclasses
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tasks.agency import load_agency
from tasks.correction import Settled, checked_reason, settle
from tasks.extract import Material
from tasks.last_year import LastYear, against_last_year, last_year
from tasks.library import Library
from tasks.record import record
from tasks.run import Run
from tasks.settings import Settings
from tasks.store import Correction, Store
from tests.approving import approved
from tests.tasks.test_revision import SQL, counted, snapshots
from yearbook.errors import Refusal
from yearbook.figure import Figures
from yearbook.period import ReportYear
from yearbook.report.html import write_html
from yearbook.report.model import Body, Paragraph, Report, Section, Text
from yearbook.report.words import words_of

SECTION = "一、总体情况"
REASON = "补录2件迟报的登记"


@pytest.fixture
def run(tmp_path: Path, project: Path, library: Library) -> Run:
    agency, text = load_agency(project, "yunlu")
    return Run(
        settings=Settings(home=tmp_path),
        agency=agency,
        agency_text=text,
        wording_text="行文",
        library=dataclasses.replace(library, texts={**library.texts, "sql/test/fees.sql": SQL}),
        year=ReportYear(2023),
        store=Store.open(tmp_path / "store"),
        target=tmp_path / "out",
        started_at=datetime(2024, 1, 15, 9, 30, tzinfo=UTC),
        day=date(2024, 1, 20),
        late=False,
        last_year=LastYear(),
    )


def material(run: Run, rows: int) -> Material:
    return Material(snapshots(run.library, run.store, rows), ())


def draft(figures: Figures, *sentences: str) -> Report:
    return Report(
        body=Body(code="yunlu", name="云麓市交通管理局", short_name="云麓交管"),
        year=2023,
        title=("云麓交管2023年度报告",),
        preamble=(Paragraph((Text("前言。"),)),),
        sections=(Section(SECTION, tuple(Paragraph((Text(text),)) for text in sentences)),),
        figures=figures,
        verdicts=(),
    )


def attempt(run: Run, rows: int, *sentences: str, because: str = "", wording: str = "行文") -> tuple[Run, Settled]:
    """A run on material of so many rows; its one figure counts them."""
    given = dataclasses.replace(run, because=because, wording_text=wording)
    figures = counted(given, material(given, rows), transfer=rows)
    return given, settle(given, material(given, rows), draft(figures, *(sentences or ("照常办理。",))))


def publish(run: Run, rows: int, *sentences: str, because: str = "", wording: str = "行文") -> Settled:
    given, settled = attempt(run, rows, *sentences, because=because, wording=wording)
    assert not settled.waits
    figures = settled.report.figures
    names = {"figures": [{"code": item.code, "name": item.name} for item in figures.values()]}
    told = json.dumps([settled.report.edition, wording, *sentences, rows]).encode()
    outputs = {"report.html": write_html(settled.report) + told, "figures.json": json.dumps(names).encode()}
    entry = record(
        given,
        material(given, rows),
        figures=figures,
        verdicts=(),
        outputs={**outputs, **(settled.files or {})},
        published=True,
        compared_with=settled.revision.edition if settled.revision else None,
        words=words_of(settled.report),
        correction=settled.correction,
    )
    approved(run.store, entry)
    return settled


def annex(settled: Settled) -> tuple[str, ...]:
    return tuple(passage for part in words_of(settled.report).annexes for passage in part.passages)


def test_the_first_edition_corrects_nothing(run: Run) -> None:
    first = publish(run, 4711)
    assert (first.report.edition, first.report.annexes, first.revision, first.files) == (1, (), None, None)
    again = publish(run, 4711)
    assert again.revision is None


def test_a_late_row_waits_for_a_reason_and_gets_an_edition_with_one(run: Run) -> None:
    publish(run, 4711)
    page = run.store.blobs.read(run.store.outputs(1)["report.html"])
    _, waiting = attempt(run, 4713)
    assert waiting.waits
    assert (waiting.report.edition, waiting.report.annexes, waiting.correction) == (1, (), None)
    second = publish(run, 4713, because=REASON)
    assert (second.report.edition, second.correction) == (2, Correction(2, 1, REASON))
    assert annex(second)[1:] == ("更正对照", "项目｜原为｜更正为", "名·transfer｜4711元｜4713元")
    assert f"更正原因：{REASON}。" in annex(second)[0]
    assert second.files is not None
    assert second.files["editions/1/report.html"] == page
    assert REASON in second.files["editions/index.html"].decode()


def test_the_reason_is_remembered_for_the_same_material(run: Run) -> None:
    publish(run, 4711)
    second = publish(run, 4713, because=REASON)
    again = publish(run, 4713)
    with_it = publish(run, 4713, because=REASON)
    assert words_of(again.report) == words_of(with_it.report) == words_of(second.report)
    assert again.files == second.files
    newest = run.store.newest_edition("yunlu", 2023)
    assert newest is not None
    assert (newest.edition, len(run.store.corrections("yunlu", 2023))) == (2, 1)


def test_a_published_reason_is_not_rewritten(run: Run) -> None:
    publish(run, 4711)
    publish(run, 4713, because=REASON)
    with pytest.raises(Refusal, match=f"已经发布的原因是“{REASON}”"):
        attempt(run, 4713, because="另一个说法的原因")


def test_a_reason_without_anything_to_correct_is_refused(run: Run) -> None:
    with pytest.raises(Refusal, match="还没有发布过"):
        attempt(run, 4711, because=REASON)
    publish(run, 4711)
    with pytest.raises(Refusal, match="与第 1 版相比，数字和文字都没有变化"):
        attempt(run, 4711, because=REASON)
    with pytest.raises(Refusal, match="与第 1 版相比，数字和文字都没有变化"):
        attempt(run, 4711, because=REASON, wording="换了名字的同一行文")


def test_editions_make_a_chain(run: Run) -> None:
    """Each one lists its difference to the one before it, and all that were corrected stay readable."""
    publish(run, 4711)
    publish(run, 4713, because=REASON)
    third = publish(run, 4713, "照常办理。", "另设专栏。", because="补写漏掉的一句", wording="补过的行文")
    assert third.correction == Correction(3, 2, "补写漏掉的一句")
    assert annex(third)[1:] == ("文字对照", "所在部分｜原文｜更正后", f"{SECTION}｜没有这一句｜另设专栏。")
    assert [name for name in third.files or {} if name.endswith("report.html")] == [
        "editions/1/report.html",
        "editions/2/report.html",
    ]
    page = (third.files or {})["editions/index.html"].decode()
    assert page.index("第 2 版") < page.index("第 1 版</h2>")


def test_back_to_earlier_material_is_a_correction_of_its_own(run: Run) -> None:
    publish(run, 4711)
    publish(run, 4713, because=REASON)
    _, back = attempt(run, 4711)
    assert back.waits
    publish(run, 4711, because="两件登记撤销，恢复原数")
    _, forth = attempt(run, 4713)
    assert forth.waits, "the reason of edition two spoke of another edition"


def test_what_draws_the_same_report_carries_the_correction_on(run: Run) -> None:
    """A newer program, or another wording file that says the same, asks nobody and keeps what citizens read."""
    publish(run, 4711)
    same = publish(run, 4711, wording="换了名字的同一行文")
    assert (same.report.edition, same.report.annexes, same.correction, same.files) == (1, (), None, {})
    third = publish(run, 4713, because=REASON)
    assert third.correction == Correction(3, 2, REASON)
    fourth = publish(run, 4713, wording="又换了名字的同一行文")
    assert fourth.correction is None
    assert words_of(fourth.report) == words_of(third.report)
    assert fourth.report.edition == 3
    assert fourth.files == third.files


def test_a_page_of_an_earlier_program_is_read(run: Run) -> None:
    """Editions made before words were kept are held against by what their page says."""
    figures = counted(run, material(run, 4711), transfer=4711)
    report = draft(figures, "照常办理。", "接受监督。")
    outputs = {"report.html": write_html(report), "figures.json": b'{"figures": []}'}
    entry = record(run, material(run, 4711), figures=figures, verdicts=(), outputs=outputs, published=True)
    approved(run.store, dataclasses.replace(entry, key="5e" * 32))
    _, same = attempt(run, 4711, "照常办理。", "接受监督。")
    assert same.revision is not None
    assert not same.revision.differs
    _, other = attempt(run, 4711, "照常办理。")
    assert other.revision is not None
    assert [(text.then, text.now) for text in other.revision.texts] == [("接受监督。", None)]
    held = last_year(run.store, "yunlu", 2023)
    assert held.paragraphs == ("云麓交管2023年度报告", "前言。", "照常办理。", "接受监督。")


def test_last_years_report_is_put_beside_by_its_kept_words(run: Run) -> None:
    publish(run, 4711, "以政府网站为公开第一平台，栏目统一规范。")
    held = last_year(run.store, "yunlu", 2023)
    next_year = dataclasses.replace(
        draft(counted(run, material(run, 4713), transfer=4713), "以政府网站为公开第一平台，栏目统一规范。"), year=2024
    )
    found = against_last_year(held, next_year, ties=run.library.ties, properties=frozenset())
    assert found is not None
    assert (found.year, found.edition, found.limit, str(found.likeness.percent)) == (2023, 1, 50, "100.00")
    assert found.figures[0].published == 4711
    assert against_last_year(LastYear(), next_year, ties=run.library.ties, properties=frozenset()) is None


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("", "4 至 200 字"),
        ("   ", "4 至 200 字"),
        ("更正数", "4 至 200 字"),
        ("原" * 201, "4 至 200 字"),
        ("补录两件\n登记", "控制字符"),
        ("补录\u202e两件登记", "控制字符"),
        ("来电 13987650421 反映漏报", "11 位以上"),
    ],
)
def test_a_reason_that_cannot_be_printed_is_refused(reason: str, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        checked_reason(reason)


def test_a_reason_is_trimmed_and_none_is_none() -> None:
    assert checked_reason(None) == ""
    assert checked_reason(f"  {REASON} ") == REASON
