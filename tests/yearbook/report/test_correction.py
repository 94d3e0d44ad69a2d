"""What a correction prints: every number in it is claimed, by a figure or as a quotation."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.yearbook.factory import figure
from yearbook.figure import Figures
from yearbook.quantity import Unit
from yearbook.report.correction import quoted, with_correction
from yearbook.report.model import (
    Aspect,
    Body,
    Constant,
    Inline,
    Listing,
    Number,
    Paragraph,
    Report,
    Section,
    Text,
    plain_text,
)
from yearbook.report.number_words import number_words
from yearbook.revision import Counted, FigureDifference, Revision, TextDifference

SECTION = "一、总体情况"
FIGURES = Figures(
    (
        figure("transfer", 7_021, base=6_991, name="业务量·转让登记", unit=Unit.PIECE),
        figure("fees", Decimal("678900.35"), base=Decimal("512300.55"), name="收费", unit=Unit.YUAN),
    )
)
SENTENCE = (
    Text("全年办理转让登记"),
    Number("7021件", "transfer"),
    Text("。"),
    Text("依据第"),
    Constant("711"),
    Text("号令公开。"),
)
REPORT = Report(
    body=Body(code="demo", name="某大队", short_name="某大队"),
    year=2023,
    title=("某大队2023年报告",),
    preamble=(),
    sections=(Section(SECTION, (Paragraph(SENTENCE),)),),
    figures=FIGURES,
    verdicts=(),
)
REVISION = Revision(
    edition=3,
    key_then="1",
    key_now="2",
    figures=(
        FigureDifference(
            "transfer", Counted("业务量·转让登记", 7_019, "件", 6_991), Counted("业务量·转让登记", 7_021, "件", 6_991)
        ),
        FigureDifference(
            "fees",
            Counted("收费", Decimal("678900.35"), "元", Decimal("512300.5")),
            Counted("收费", Decimal("678900.35"), "元", Decimal("512300.55")),
        ),
        FigureDifference("retired", Counted("3.旧口径", 23, "条"), None),
    ),
    rows=(),
    inputs=(),
    texts=(
        TextDifference(SECTION, "全年办理转让登记7019件。", "全年办理转让登记7021件。"),
        TextDifference(SECTION, "旧的一句有5条。", None),
    ),
    reason="补录2件",
)


def annex() -> Section:
    report = with_correction(REPORT, REVISION, edition=4)
    assert (report.edition, report.sections) == (4, REPORT.sections)
    [section] = report.annexes
    return section


def cells(block: object) -> list[tuple[str, ...]]:
    assert isinstance(block, Listing)
    return [tuple(plain_text(cell) for cell in row) for row in block.rows]


def test_it_says_which_edition_and_why() -> None:
    opening = annex().blocks[0]
    assert isinstance(opening, Paragraph)
    assert opening.text == (
        "第4版更正第3版的数字和文字。更正原因：补录2件。原来的内容和更正后的内容列在下面，没有列出的没有更正。"
    )
    assert [inline.text for inline in opening.inlines if isinstance(inline, Constant)] == ["4", "3", "2"]


def test_numbers_of_both_editions_are_claimed() -> None:
    listing = annex().blocks[1]
    assert cells(listing) == [
        ("业务量·转让登记", "7019件", "7021件"),
        ("收费（上年数）", "512300.5元", "512300.55元"),
        ("3.旧口径", "23条", "不再列出"),
    ]
    assert isinstance(listing, Listing)
    assert listing.rows[0][1:] == (
        (Number("7019件", "transfer", Aspect.BEFORE, 7_019),),
        (Number("7021件", "transfer", exact=7_021),),
    )
    assert listing.rows[1][1:] == (
        (Number("512300.5元", "fees", Aspect.BEFORE, Decimal("512300.5")),),
        (Number("512300.55元", "fees", Aspect.BASE, Decimal("512300.55")),),
    )
    assert listing.rows[2][1] == (Constant("23条"),), "no figure of this report can claim it"


def test_a_new_sentence_keeps_its_numbers_and_an_old_one_is_quoted() -> None:
    listing = annex().blocks[2]
    assert cells(listing) == [
        (SECTION, "全年办理转让登记7019件。", "全年办理转让登记7021件。"),
        (SECTION, "旧的一句有5条。", "删去"),
    ]
    assert isinstance(listing, Listing)
    assert listing.rows[0][2] == SENTENCE[:3]
    assert listing.rows[0][1] == (Text("全年办理转让登记"), Constant("7019"), Text("件。"))


def test_without_figures_or_texts_there_is_no_table_for_them() -> None:
    alone = with_correction(REPORT, replace(REVISION, figures=()), edition=4).annexes[0]
    assert [block.title for block in alone.blocks if isinstance(block, Listing)] == ["文字对照"]
    alone = with_correction(REPORT, replace(REVISION, texts=()), edition=4).annexes[0]
    assert [block.title for block in alone.blocks if isinstance(block, Listing)] == ["更正对照"]


@given(st.text("第一二十是要、，。（）1９万余件进步其他统责任人 \n", max_size=30))
def test_a_quotation_is_whole_and_claims_every_number(text: str) -> None:
    parts: tuple[Inline, ...] = quoted(text)
    assert plain_text(parts) == text
    assert not any(number_words(part.text) for part in parts if isinstance(part, Text))
