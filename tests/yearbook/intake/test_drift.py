"""Headers held against the agreed ones: every single change is seen and named; shapes tell no contents."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.yearbook.intake.factory import HEADER, agreement
from yearbook.intake.drift import SHOWN, Difference, Drift, compare_headers, masked, rows_said

HEADINGS = agreement().headings


def words(*found: str) -> list[str]:
    return [difference.words for difference in compare_headers(found, HEADINGS)]


def test_as_agreed() -> None:
    assert words(*HEADER) == []


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (("编号", "日期", "类型", "数量", "金额（元）", "备注"), ["缺少 类别（疑改名为 类型）", "多出 类型"]),
        (
            ("编号", "日期", "类别", "数量", "金额(元)", "备注"),
            ["缺少 金额（元）（疑改名为 金额(元)）", "多出 金额(元)"],
        ),
        (("编号", "日期", "类别", "数量", "备注", "金额 元"), ["缺少 金额（元）（疑改名为 金额 元）", "多出 金额 元"]),
        (("编号", "日期", "类别", "数量", "金额（元）"), ["缺少 备注"]),
        ((*HEADER, "经办人"), ["多出 经办人"]),
        ((*HEADER[:3], "", *HEADER[3:]), ["多出 （空白表头）"]),
        ((*HEADER, "类别"), ["重复 类别"]),
        (("编号", "类别", "日期", "数量", "金额（元）", "备注"), ["次序不同，第 2 列应为 日期，实为 类别"]),
        ((), [f"缺少 {name}" for name in HEADER]),
        ((*HEADER, "经\u200b办\u202e\x1b[2J\n人"), ["多出 经□办□□[2J 人"]),
        ((*HEADER, "甲" * 31), ["多出 " + "甲" * 30 + "…"]),
    ],
)
def test_each_difference(found: tuple[str, ...], said: list[str]) -> None:
    assert words(*found) == said


def test_a_row_of_data_in_the_headers_place_is_not_quoted() -> None:
    said = "".join(words("张三", "360702199001011234", "甲类", "13607021234"))
    assert "多出 某某" in said
    assert not any(value in said for value in ("张三", "360702", "甲类", "136"))


@given(st.integers(0, 10**6))
def test_no_change_of_headers_goes_unseen(seed: int) -> None:
    """A renamed, dropped, added, doubled or moved header, at any place."""
    chance = random.Random(seed)
    header, at = list(HEADER), chance.randrange(len(HEADER))
    match chance.randrange(5):
        case 0:
            header[at] = chance.choice([header[at] + "名", header[at][1:], header[at] + " ", "列"])
        case 1:
            del header[at]
        case 2:
            header.insert(at, chance.choice(["列", "", "序号"]))
        case 3:
            header.insert(at, chance.choice(HEADER))
        case _:
            other = (at + 1 + chance.randrange(len(HEADER) - 1)) % len(HEADER)
            header[at], header[other] = header[other], header[at]
    assert compare_headers(header, HEADINGS)


def test_a_refusal_tells_the_first_differences_and_how_many_more() -> None:
    differences = [Difference("extra", str(n), f"多出 {n}") for n in range(SHOWN + 2)]
    drift = Drift("文件 甲", differences, todo="改回")
    assert drift.what == "文件 甲：多出 0；多出 1；多出 2；多出 3；多出 4；多出 5；另有 2 处不同"
    assert drift.differences == tuple(differences)


def test_rows() -> None:
    assert rows_said([4]) == "第 4 行"
    assert rows_said([4, 7, 9, 11, 12]) == "第 4、7、9、11、12 行"
    assert rows_said(range(4, 104)) == "第 4、5、6、7、8 等 100 行"


def test_shapes() -> None:
    assert masked("张三 13607021234") == "某某 99999999999"
    assert masked("赣B12345") == "某A99999"
    assert masked("2023.3.1") == "9999.9.9"
    assert masked("x" * 30) == "A" * 20 + "…"


@given(st.text(max_size=40))
def test_a_shape_holds_no_letter_or_digit_of_the_value(text: str) -> None:
    assert {c for c in masked(text) if c.isalnum()} <= set("9A某")
