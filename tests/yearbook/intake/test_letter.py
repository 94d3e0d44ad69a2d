"""The draft to the owner: everything needed to put the file right, and no value of it."""

import pytest

from tests.yearbook.intake.factory import ROWS, read
from yearbook.errors import Refusal
from yearbook.intake.drift import Drift
from yearbook.intake.letter import draft_letter


def letter(refusal: Refusal) -> str:
    return draft_letter(
        refusal, owner="财务室", source="收费台账", file="台账.xlsx", digest="ab" * 32, year=2023, body="样例市交管局"
    )


def test_a_drift_is_listed_with_rows_and_shapes() -> None:
    rows = [[*row[:1], "张三", "丙类", *row[3:]] for row in ROWS]
    with pytest.raises(Drift) as refusal:
        read(*rows)
    text = letter(refusal.value)
    assert text.startswith("财务室：\n")
    for words in ("收费台账（2023 年度，文件 台账.xlsx）", "ab" * 32, "样例市交管局", "某某", "第 2、3、4 行"):
        assert words in text
    assert "1. 改变了类型的列：" in text
    assert "2. 代码表以外的值：" in text
    assert "请提供者按约定更正后重新交来。" in text
    assert "张三" not in text
    assert "丙类" not in text


def test_another_refusal_gives_its_reason() -> None:
    text = letter(Refusal("文件 台账.xlsx：文件已加密", todo="请提供者去掉密码"))
    assert "原因：文件 台账.xlsx：文件已加密" in text
    assert "请提供者去掉密码。" in text
    assert "columns.csv" not in letter(Refusal("甲", todo="请改回；已更名的，在 sql/fees/columns.csv 加一行"))
