"""Text files as editors leave them: byte order marks, line ends, and encodings that are none."""

from pathlib import Path

import pytest

from tasks.agency import load_agency
from tasks.library import load_library
from tasks.texts import read_text
from yearbook.errors import Refusal

AGENCY = """name = "样例市交管局"
short_name = "样例市交管局"
wording = "traffic_police"
reviewers = ["审核人"]
[contact]
portal = "x"
portal_name = "x"
office = "x"
address = "x"
telephone = "x"
postcode = "x"
[sources.fees]
file = "x"
complete_from = 2022
"""


@pytest.mark.parametrize("data", ["甲\n乙\n".encode(), "\ufeff甲\n乙\n".encode(), "甲\r\n乙\r\n".encode()])
def test_marks_and_line_ends_are_no_contents(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.sql"
    path.write_bytes(data)
    assert read_text(path, "a.sql") == "甲\n乙\n"


@pytest.mark.parametrize("name", ["sql/fees/columns.csv", "sql/sources.toml", "expectations/fees.toml"])
def test_another_encoding_is_refused_with_file_and_row(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"a,b\n" + "甲,乙\n".encode("gb18030"))
    with pytest.raises(Refusal) as refusal:
        load_library(tmp_path)
    assert refusal.value.what == f"{name} 第 2 行不是 UTF-8 编码"
    assert "另存为 UTF-8" in refusal.value.todo


def test_a_body_in_another_encoding_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "deployments" / "agencies"
    folder.mkdir(parents=True)
    (folder / "sample.toml").write_bytes(AGENCY.encode("gb18030"))
    with pytest.raises(Refusal, match=r"deployments/agencies/sample\.toml 第 1 行不是 UTF-8 编码"):
        load_agency(tmp_path, "sample")
    (folder / "sample.toml").write_bytes(b"\xef\xbb\xbf" + AGENCY.encode())
    assert load_agency(tmp_path, "sample")[0].name == "样例市交管局"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("file = ", "flie = ", "sources.fees.flie：没有这个键，可能写错了"),
        ('wording = "traffic_police"\n', "", "wording：缺少这一项"),
        ("complete_from = 2022", 'complete_from = "x"', "sources.fees.complete_from"),
    ],
)
def test_a_key_that_is_wrong_is_told_in_words(old: str, new: str, said: str, tmp_path: Path) -> None:
    folder = tmp_path / "deployments" / "agencies"
    folder.mkdir(parents=True)
    (folder / "sample.toml").write_text(AGENCY.replace(old, new), encoding="utf-8")
    with pytest.raises(Refusal) as refusal:
        load_agency(tmp_path, "sample")
    assert said in refusal.value.what
