"""A source that is busy for a moment is asked again from the start; one that refuses is not."""

import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from tasks import extract
from tests.flows.conftest import Command


@pytest.fixture
def attempts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Codes of the sources in the order in which they were opened."""
    opened: list[str] = []
    real = extract.open_source

    def open_source(url: str, source: Any, *others: Any) -> Any:
        opened.append(source.code)
        return real(url, source, *others)

    monkeypatch.setattr(extract, "open_source", open_source)
    return opened


def test_a_source_that_is_locked_for_a_moment(
    home: Path, here: Command, attempts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other's lock is let go when the first attempt has given up."""
    monkeypatch.setenv("YEARBOOK_LOCK_SECONDS", "1")
    other = sqlite3.connect(home / "demo" / "yunlu" / "licensing.sqlite", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    gone = threading.Event()

    def let_go() -> None:
        while not gone.wait(0.05):
            if attempts.count("licensing") == 1:
                gone.wait(1.5)
                other.execute("ROLLBACK")
                return

    waiting = threading.Thread(target=let_go)
    waiting.start()
    try:
        ended = here("run", "yunlu", "2023", home=home)
    finally:
        gone.set()
        waiting.join()
        other.close()
    assert ended.code == 0, ended.err
    assert attempts.count("licensing") == 2
    assert attempts.count("vehicles") == attempts.count("incidents") == 1


def test_a_source_that_lacks_a_table(home: Path, here: Command, attempts: list[str]) -> None:
    with sqlite3.connect(home / "demo" / "yunlu" / "licensing.sqlite") as source:
        source.execute("DROP TABLE XZXK_DECISION")
    ended = here("run", "yunlu", "2023", home=home)
    assert ended.code == 2
    assert attempts.count("licensing") == 1
