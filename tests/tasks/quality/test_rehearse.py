"""The catalogue on empty tables: what cannot be answered is named with file, entry and reason."""

from pathlib import Path

import pytest

from tasks.library import Library, load_library
from tasks.quality.rehearse import rehearse
from yearbook.errors import Refusal

PROJECT = Path(__file__).parents[3]
HEAD = 'extract = "fee_line"\nseverity = "warning"\nsay = "说。"\nsay_en = "Says."\ndo = "做。"\n'
SOUND = 'check = "not_null"\ncolumns = ["item"]'


def library(rule: str, **queries: str) -> Library:
    """The shipped sources and queries, some of them changed, with one rule on fees and no other."""
    texts = {
        name: "" if name.startswith("expectations/") else text for name, text in load_library(PROJECT).texts.items()
    }
    texts["expectations/fees.toml"] = f"[FEE-99]\n{HEAD}{rule}\n"
    return Library(texts | {f"sql/fees/{name}.sql": text for name, text in queries.items()})


def test_the_shipped_catalogue_can_be_answered(tmp_path: Path) -> None:
    rehearse(load_library(PROJECT), tmp_path)


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ('check = "matches"\ncolumns = ["item"]\npattern = "(["', "missing ]"),
        ('check = "holds"\ncolumns = ["item"]\ncondition = "nobody > 1"', 'column "nobody" not found'),
        ('check = "holds"\ncolumns = ["item"]\ncondition = "item >"', "syntax error"),
        ('check = "not_null"\ncolumns = ["item"]\nwhere = "true); DROP VIEW fee_line; SELECT (1"', "syntax error"),
        ('check = "holds"\ncolumns = ["item"]\ncondition = "item > 1"', "Cannot compare"),
        ('check = "between"\ncolumns = ["item"]\nlow = 3', "between 不能用于 text 列 item"),
        ('check = "reaches_year"\ncolumns = ["quantity"]', "reaches_year 不能用于 integer 列 quantity"),
        ('check = "unique"\ncolumns = ["item"]\nwhere = "amount"', "FEE-99"),
        ('check = "expectation"\nexpectation = "ExpectMuch"', "没有 ExpectMuch"),
        ('check = "expectation"\nexpectation = "ExpectColumnMaxToBeBetween"\narguments = { most = 3 }', "不对"),
        ('check = "expectation"\ncolumns = ["quantity"]\nexpectation = "ExpectColumnValuesToBeIncreasing"', "不能执行"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_answered_is_named_with_the_reason(rule: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refusal:
        rehearse(library(rule), tmp_path)
    assert "规则 FEE-99 无法评估（fees.fee_line" in refusal.value.what
    assert reason in refusal.value.what
    assert "expectations/fees.toml" in refusal.value.todo


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT sum(nobody) AS value, count(*) AS row_count FROM fee_line AS t", "nobody"),
        ("SELECT 1 AS value, 1 AS row_count WHERE :nobody = 1", "nobody"),
        ("DELETE FROM code_fee_category", "不是单独一个 SELECT"),
    ],
)
def test_a_query_that_cannot_be_answered_is_named_with_the_reason(query: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refusal:
        rehearse(library(SOUND, processing_fees=query), tmp_path)
    assert "sql/fees/processing_fees.sql 不能执行" in refusal.value.what
    assert reason in refusal.value.what
