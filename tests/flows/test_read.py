"""One source read on its own: what is told of it, and that nothing stays behind."""

import sqlite3
from pathlib import Path

import pytest

from tests.flows.conftest import Command, tree


def test_a_file_is_told_in_numbers(home: Path, here: Command) -> None:
    before = tree(home)
    ended = here("read", "yunlu", "fees", "2023", home=home)
    assert ended.code == 0, ended.err
    lines = ended.out.splitlines()
    [head] = [line for line in lines if line.startswith("fee_line（收费台账）2023 年：")]
    assert head.endswith(" 行")
    assert any("paid_on" in line and "2022-12-31 至 2024-01-09" in line for line in lines)
    assert any("合计行核对一致" in line for line in lines)
    assert any("openpyxl" in line and "逐格一致" in line for line in lines)
    assert tree(home) == before


def test_a_database_is_told_in_numbers(home: Path, here: Command) -> None:
    ended = here("read", "yunlu", "licensing", "2023", home=home)
    with sqlite3.connect(home / "demo" / "yunlu" / "licensing.sqlite") as source:
        query = "select count(*) from XZXK_DECISION where JDSJ >= '2023-01-01' and JDSJ < '2024-01-01'"
        (count,) = source.execute(query).fetchone()
    assert f"licensing_decision（行政许可决定）2023 年：{count} 行" in ended.out
    assert "读取方式：" in ended.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("yunlu", "nosuch", "2023"), ("没有来源 nosuch", "vehicles")),
        (("nobody", "fees", "2023"), ("nobody",)),
        (("yunlu", "licensing", "2024"), ("2022—2023",)),
    ],
)
def test_a_mistake_ends_in_one_line(
    arguments: tuple[str, ...], words: tuple[str, ...], home: Path, here: Command
) -> None:
    ended = here("read", *arguments, home=home)
    assert ended.code == 2
    [line] = ended.err.splitlines()
    assert line.startswith("拒绝：")
    assert all(word in line for word in words)
