"""One attempt at a report at a time, on both databases: who has it, who crashed, who may commit."""

import dataclasses
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tasks.store import StepRecord, Store
from tasks.store.database import open_engine, writing
from tasks.store.journal import LEASE_SECONDS
from tasks.store.tables_operations import attempt
from tests.tasks.store.test_store import record
from yearbook.errors import Refusal

ROOT = Path(__file__).parents[3]
START = datetime(2026, 1, 10, 1, 0, tzinfo=UTC)
BODY, YEAR = "360702", 2023


def begin(store: Store, at: datetime = START, operator: str = "经办人") -> int:
    return store.journal.begin(BODY, YEAR, purpose="report", operator=operator, at=at, flow_run="f1")


def elsewhere(home: Path, url: str | None, attempt_id: int) -> None:
    """Let an attempt look like another machine's, whose processes nobody here knows; the table itself never changes."""
    with writing(open_engine(home, url)) as connection:
        if url is None:
            connection.exec_driver_sql("DROP TRIGGER attempt_no_update")
        else:
            connection.exec_driver_sql("ALTER TABLE attempt DISABLE TRIGGER attempt_append_only")
        connection.execute(sa.update(attempt).where(attempt.c.id == attempt_id).values(host="另一台"))


def test_an_attempt_is_told_from_begin_to_end(tmp_path: Path, url: str | None) -> None:
    store = Store.open(tmp_path, url)
    first = begin(store)
    step = StepRecord("提取 vehicles", 1.25, 4711, 210, 3)
    store.journal.step(first, 1, step, START + timedelta(seconds=2))
    running = store.journal.attempt(first, now=START)
    assert running is not None
    assert (running.state, running.ended_at, running.operator, running.flow_run) == ("running", None, "经办人", "f1")
    run_id = store.commit(record(store))
    store.journal.end(first, "awaiting", at=START + timedelta(seconds=9), run_id=run_id)
    store.journal.end(first, "failed", at=START + timedelta(seconds=10), words="a second end is not kept")
    [ended] = store.journal.attempts(BODY, YEAR, now=START)
    assert (ended.state, ended.run_id, ended.words) == ("awaiting", run_id, "")
    [told] = store.journal.steps(first)
    assert (told.name, told.seconds, told.row_count, told.findings) == ("提取 vehicles", 1.25, 4711, 3)
    assert begin(store, START + timedelta(minutes=1)) == first + 1
    assert [one.id for one in store.journal.attempts(BODY, None, now=START)] == [first + 1, first]
    assert store.journal.attempts(BODY, 2024, now=START) == ()


def test_whoever_comes_second_is_told_who_has_it_and_since_when(tmp_path: Path, url: str | None) -> None:
    store = Store.open(tmp_path, url)
    first = begin(store, operator="张三")
    with pytest.raises(Refusal, match=f"张三 自 2026-01-10 09:00:00 起正在 .*（第 {first} 次尝试）"):
        begin(store, START + timedelta(seconds=5), operator="李四")
    other = store.journal.begin(BODY, YEAR + 1, purpose="report", operator="李四", at=START)
    store.journal.end(other, "refused", at=START)
    assert [one.operator for one in store.journal.attempts(BODY, YEAR, now=START)] == ["张三"]


def test_a_lease_that_ran_out_is_a_crash_and_is_taken_over(tmp_path: Path, url: str | None) -> None:
    store = Store.open(tmp_path, url)
    first = begin(store)
    elsewhere(tmp_path, url, first)
    beaten = START + timedelta(seconds=100)
    assert store.journal.beat(first, beaten)
    with pytest.raises(Refusal, match="另一台"):
        begin(store, beaten + timedelta(seconds=LEASE_SECONDS))
    late = beaten + timedelta(seconds=LEASE_SECONDS + 1)
    seen = store.journal.attempt(first, now=late)
    assert seen is not None
    assert (seen.state, seen.ended_at) == ("crashed", None), "seen before anybody has noted it"
    second = begin(store, late)
    [_, noted] = store.journal.attempts(BODY, YEAR, now=late)
    assert (noted.state, noted.ended_at) == ("crashed", late)
    assert not store.journal.beat(first, late)
    with pytest.raises(Refusal, match="已被别的尝试接替"):
        store.commit(dataclasses.replace(record(store), attempt=first))
    store.commit(dataclasses.replace(record(store), attempt=second))


DIES = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from tasks.store import Store
store = Store.open(Path(sys.argv[1]), sys.argv[2] or None)
at = datetime(2026, 1, 10, 1, 0, tzinfo=UTC)
store.journal.begin("360702", 2023, purpose="report", operator="张三", at=at)
"""


def test_a_process_that_is_gone_has_crashed_at_once(tmp_path: Path, url: str | None) -> None:
    store = Store.open(tmp_path, url)
    subprocess.run([sys.executable, "-c", DIES, str(tmp_path), url or ""], cwd=ROOT, check=True)
    [dead] = store.journal.note_crashes(START + timedelta(seconds=1))
    assert (dead.state, dead.operator) == ("crashed", "张三")
    assert dead.process != os.getpid()
    assert store.journal.note_crashes(START) == ()
    [noted] = store.journal.attempts(BODY, YEAR, now=START)
    assert noted.words.endswith("没有结束就不在了")
    begin(store)


COMPETES = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from tasks.store import Store
from yearbook.errors import Refusal
store = Store.open(Path(sys.argv[1]), sys.argv[2] or None)
sys.stdin.readline()
at = datetime.now(UTC)
try:
    print("won", store.journal.begin("360702", 2023, purpose="report", operator=sys.argv[3], at=at), flush=True)
except Refusal as refusal:
    print("lost", refusal, flush=True)
sys.stdin.readline()
"""


def test_of_eight_at_once_one_wins(tmp_path: Path, url: str | None) -> None:
    Store.open(tmp_path, url)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", COMPETES, str(tmp_path), url or "", f"第{n}人"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(8)
    ]
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    # all have answered before the first of them ends and is taken for crashed
    answers = [process.stdout.readline().split(maxsplit=1) for process in running if process.stdout]
    for process in running:
        process.communicate("end\n", timeout=60)
    won = [n for n, (word, _) in enumerate(answers) if word == "won"]
    assert len(won) == 1
    assert all(f"第{won[0]}人 自 " in words for word, words in answers if word == "lost")
