"""Reading of bytes that stand in a file as the store keeps it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tasks.reading import read_book
from yearbook.intake.grid import Book

Read = Callable[..., Book]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def reading(data: bytes, *, encoding: str = "gb18030", **options: Any) -> Book:
        copy = tmp_path / "0f3a"
        copy.write_bytes(data)
        return read_book(copy, place="文件 a.xlsx", encoding=encoding, **options)

    return reading
