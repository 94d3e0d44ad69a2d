"""Posts of normative documents beside a table that has none: a warning that names both places."""

import pytest

from tests.yearbook.ties.documents import cells, failed, interval, judged
from yearbook.ties.passages import Document, Mention
from yearbook.verdict import Status

PLACE = "一、总体情况，“通过政府网站公开…”"
RULE = {"left": ["posts"], "right": ["made", "valid"]}


def said(text: str) -> Document:
    return Document(mentions=(Mention(code="posts", text=text, interval=interval(text), place=PLACE),))


def test_posts_beside_zeros_name_the_text_and_the_cells() -> None:
    table = cells({"posts": 3, "made": 0, "valid": 0, "abolished": 0})
    [breach] = failed(judged("beside", said("3条"), table, **RULE))
    assert breach.place == f"{PLACE}；表 made、表 valid"
    assert (breach.found, breach.expected, breach.difference) == ("正文3条，表格0、0", "表格中不全为0", "3")
    assert breach.figures == ("posts", "made", "valid")


@pytest.mark.parametrize(("text", "made", "valid"), [("3条", 0, 1), ("3条", 1, 0), ("0条", 0, 0), ("0条", 2, 2)])
def test_one_document_or_no_post_is_enough(text: str, made: int, valid: int) -> None:
    [verdict] = judged("beside", said(text), cells({"posts": 3, "made": made, "valid": valid, "abolished": 0}), **RULE)
    assert (verdict.status, verdict.evaluated) == (Status.PASSED, 1)
    assert set(verdict.figures) == {"posts", "made", "valid"}


def test_other_numbers_are_not_asked() -> None:
    other = Document(mentions=(Mention(code="abolished", text="3件", interval=interval("3件"), place=PLACE),))
    [verdict] = judged("beside", other, cells({"posts": 3, "made": 0, "valid": 0, "abolished": 3}), **RULE)
    assert (verdict.status, verdict.detail) == (Status.NOT_EVALUATED, "正文没有提到这些数")
