"""One transaction per run, on both databases: all of it or nothing, and never changed afterwards."""

import dataclasses
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from tasks.store import BlobRef, Correction, FigureRecord, FindingRecord, RunRecord, StepRecord, Store, VerdictRecord
from tasks.store.database import open_engine, reading, writing
from tasks.store.tables import metadata
from tasks.store.tables_operations import delivery, notice
from tests.approving import approved
from yearbook.errors import Refusal
from yearbook.findings import Choice

ROOT = Path(__file__).parents[3]
BEIJING = timezone(timedelta(hours=8))
START = datetime(2024, 1, 1, 0, 30, tzinfo=BEIJING)


def record(store: Store, output: bytes = b"report", **changes: object) -> RunRecord:
    sql, snapshot = store.blobs.put_bytes(b"select 1"), store.blobs.put_bytes(b"rows", private=True)
    whole = RunRecord(
        key="ab" * 32,
        body="360702",
        year=2023,
        state="finished",
        started_at=START,
        finished_at=START + timedelta(seconds=9),
        code_version="0.1.0",
        operator="经办人",
        versions={"duckdb": "1.5.5"},
        blobs=(
            BlobRef("sql", "received.sql", sql, "application/sql"),
            BlobRef("snapshot", "requests", snapshot, private=True),
            BlobRef("output", "report.html", store.blobs.put_bytes(output), "text/html"),
            BlobRef("output", "copy.html", store.blobs.put_bytes(output), "text/html"),
        ),
        steps=(StepRecord("read", 1.25, 4_000_000_000, 210), StepRecord("render", 0.5)),
        figures=(FigureRecord("received", "1234567890.10", "件", sql, 12, (snapshot,), base_value="0"),),
        verdicts=(
            VerdictRecord("T1", "form", "blocking", "passed", 12, 0, "表三", "7", "7", "0"),
            VerdictRecord("T2", "form", "warning", "failed", 14, 1, "表四", "9", "8", "-1"),
        ),
        findings=(
            FindingRecord(
                position=2,
                fingerprint="c" * 64,
                value="d" * 64,
                base=False,
                extract="",
                category="form",
                say="合计。",
                say_en="Sum.",
                do="核对。",
                owner="办公室",
                detail="",
            ),
        ),
        target="out/2023",
    )
    return dataclasses.replace(whole, **changes)  # type: ignore[arg-type]


def count(home: Path, url: str | None) -> dict[str, int]:
    with reading(open_engine(home, url)) as connection:
        return {
            name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
        }


def test_run_is_recorded_whole(tmp_path: Path, url: str | None) -> None:
    store = Store.open(tmp_path, url)
    run_id = approved(store, record(store))
    row = store.last_run("360702", 2023)
    assert row is not None
    assert (row.id, row.state, row.operator, row.versions) == (run_id, "finished", "经办人", {"duckdb": "1.5.5"})
    assert (row.started_at, row.started_at.tzinfo) == (START, UTC)
    assert set(store.outputs(run_id)) == {"report.html", "copy.html"}
    assert list(store.blobs_of(run_id, "snapshot")) == ["requests"]
    assert count(tmp_path, url) == {
        "blob": 4, "run": 1, "run_blob": 4, "run_step": 2, "figure": 1, "verdict": 2, "publication": 1,
        "finding": 1, "decision": 0, "correction": 0, "submission": 1, "approval": 1,
        "attempt": 0, "attempt_step": 0, "attempt_end": 0, "lease": 0, "notice": 0, "delivery": 0,
    }  # fmt: skip
    with reading(open_engine(tmp_path, url)) as connection:
        figure = connection.execute(sa.select(metadata.tables["figure"])).one()
        step = connection.execute(sa.select(metadata.tables["run_step"])).first()
        private = connection.execute(sa.text("SELECT count(*) FROM blob WHERE private")).scalar()
    assert (figure.value, figure.base_value) == ("1234567890.10", "0")
    assert figure.snapshot_digests == list(store.blobs_of(run_id, "snapshot").values())
    assert step is not None
    assert (step.seconds, step.row_count) == (1.25, 4_000_000_000)
    assert private == 1
    assert store.last_run("360702", 2022) is None


def test_new_edition_only_for_new_outputs(tmp_path: Path, url: str | None) -> None:
    store = Store.open(tmp_path, url)
    first, same = approved(store, record(store)), approved(store, record(store))
    draft = approved(store, record(store, b"corrected", target=None))
    blocked = approved(store, record(store, state="blocked", target=None))
    second = approved(store, record(store, b"corrected"))
    back = approved(store, record(store))
    other = approved(store, record(store, year=2024))
    found = {run: store.edition_of(run) for run in (first, same, draft, blocked, second, back, other, 99)}
    assert {run: edition and (edition.edition, edition.run_id) for run, edition in found.items()} == {
        first: (1, first), same: (1, first), draft: None, blocked: None,
        second: (2, second), back: (3, back), other: (1, other), 99: None,
    }  # fmt: skip
    newest = store.newest_edition("360702", 2023)
    assert newest is not None
    assert (newest.edition, newest.target) == (3, "out/2023")
    assert store.newest_edition("999999", 2023) is None


def test_the_edition_before_is_the_newest_of_another_key(tmp_path: Path, url: str | None) -> None:
    store = Store.open(tmp_path, url)
    keys = {name: name * 64 for name in "abc"}

    def before(name: str) -> int | None:
        found = store.edition_before("360702", 2023, keys[name])
        return found and found.edition

    assert before("a") is None
    approved(store, record(store, key=keys["a"]))
    assert [before(name) for name in "abc"] == [None, 1, 1]
    approved(store, record(store, b"second", key=keys["b"], compared_with=1))
    approved(store, record(store, b"second", key=keys["b"], compared_with=1))
    assert [before(name) for name in "abc"] == [2, 1, 2]
    approved(store, record(store, b"first, seen from the second", key=keys["a"], compared_with=2))
    assert [before(name) for name in "abc"] == [2, 3, 3]
    found = store.edition_before("360702", 2023, keys["b"])
    assert found is not None
    assert (found.edition, found.key) == (3, keys["a"])
    assert store.edition_before("360702", 2024, keys["b"]) is None


def test_an_edition_that_came_between_is_not_passed_over(tmp_path: Path, url: str | None) -> None:
    """Two runs compared themselves with edition 1; the second to end must not stand after edition 2 unseen."""
    store = Store.open(tmp_path, url)
    approved(store, record(store, key="a" * 64))
    approved(store, record(store, b"second", key="b" * 64, compared_with=1))
    before = count(tmp_path, url)
    for stale in (None, 1):
        with pytest.raises(Refusal, match="版次在本次运行期间有变化"):
            approved(store, record(store, b"third", key="c" * 64, compared_with=stale))
    assert count(tmp_path, url) == before
    approved(store, record(store, b"third", key="c" * 64, compared_with=2))


def test_figures_are_read_back(tmp_path: Path, url: str | None) -> None:
    store = Store.open(tmp_path, url)
    good = record(store)
    more = dataclasses.replace(good.figures[0], code="Appeals", value="-3", base_value=None)
    run_id = approved(store, dataclasses.replace(good, figures=(*good.figures, more)))
    assert store.figures_of(run_id) == (more, *good.figures)
    assert store.figures_of(99) == ()


def test_failed_commit_leaves_nothing(tmp_path: Path, url: str | None) -> None:
    store = Store.open(tmp_path, url)
    good = record(store)
    with pytest.raises(sa.exc.IntegrityError) as caught:
        approved(store, dataclasses.replace(good, verdicts=(*good.verdicts,), figures=good.figures * 2))
    assert "1234567890.10" not in str(caught.value)
    assert set(count(tmp_path, url).values()) == {0}
    approved(store, good)


def test_killed_commit_leaves_nothing(tmp_path: Path, url: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store.open(tmp_path, url)
    good = record(store)
    child = os.fork()
    if child == 0:
        # every row is written, only the COMMIT is missing
        monkeypatch.setattr("tasks.store.store.submit", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        approved(store, good)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    assert set(count(tmp_path, url).values()) == {0}
    published = store.edition_of(approved(store, good))
    assert published is not None
    assert published.edition == 1


def test_missing_or_torn_blob_is_not_named(tmp_path: Path, url: str | None) -> None:
    store = Store.open(tmp_path, url)
    good = record(store)
    path = store.blobs.path(good.blobs[0].digest)
    kept = path.read_bytes()
    path.unlink()
    with pytest.raises(Refusal, match=r"缺少文件 received\.sql"):
        approved(store, good)
    assert set(count(tmp_path, url).values()) == {0}
    path.write_bytes(kept)
    approved(store, good)
    path.write_bytes(kept[:-1])
    with pytest.raises(Refusal, match="大小与登记不符"):
        approved(store, good)


def test_nothing_can_be_changed(tmp_path: Path, url: str | None) -> None:
    store = Store.open(tmp_path, url)
    approved(store, record(store))
    approved(store, record(store, b"corrected", correction=Correction(2, 1, "补录迟报")))
    store.findings.decide("360702", 2023, "T2", None, choice=Choice.FIXED, reason="已更正", name="张三", at=START)
    attempt = store.journal.begin("360702", 2023, purpose="report", operator="经办人", at=START)
    store.journal.step(attempt, 1, StepRecord("read", 1.25, 17, 210, 3), START)
    store.journal.end(attempt, "failed", at=START, words="MemoryError")
    engine = open_engine(tmp_path, url)
    with writing(engine) as connection:
        one = {"mark": "e" * 64, "body": "360702", "year": 2023, "event": "armed", "subject": "s", "text": "t"}
        told = sa.insert(notice).values(**one, told_at=START).returning(notice.c.id)
        row = {"notice_id": connection.execute(told).scalar_one(), "channel": "log", "state": "sent", "words": ""}
        connection.execute(sa.insert(delivery).values(**row, at=START))
    before = count(tmp_path, url)
    # nobody works on anything, so nobody holds a lease; it is the one table that changes
    assert [name for name, rows in before.items() if rows == 0] == ["lease"]
    for name, table in metadata.tables.items():
        if name == "lease":
            continue
        column = next(iter(table.columns)).name
        changes = [f"UPDATE {name} SET {column} = {column}", f"DELETE FROM {name}"]
        if url is None:
            changes.append(f"INSERT OR REPLACE INTO {name} SELECT * FROM {name}")
        else:
            changes.append(f"TRUNCATE {name} CASCADE")
        for change in changes:
            with pytest.raises(sa.exc.DBAPIError, match="append-only"), engine.begin() as connection:
                connection.exec_driver_sql(change)
    assert count(tmp_path, url) == before


def test_record_guards_itself(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    good = record(store)
    for changes, message in (
        ({"state": "blocked"}, "only a finished run"),
        ({"started_at": START.replace(tzinfo=None)}, "time zone"),
        ({"blobs": good.blobs[1:]}, "cites a file"),
        ({"findings": ()}, "has its finding"),
        ({"findings": good.findings * 2}, "has its finding"),
        ({"verdicts": good.verdicts[:1]}, "has its finding"),
    ):
        with pytest.raises(ValueError, match=message):
            dataclasses.replace(good, **changes)
    for text in ("1e3", "nan", "1,000", " 1", "１", "01", "1."):
        with pytest.raises(ValueError, match="exact decimal"):
            dataclasses.replace(good.figures[0], value=text)


WORKER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[4])
from test_store import record
from tasks.store import Store
store = Store.open(Path(sys.argv[1]), sys.argv[2] or None)
for n in range(4):
    store.commit(record(store, f"{sys.argv[3]} {n}".encode()))
"""


def test_processes_wait_for_each_other(tmp_path: Path, url: str | None) -> None:
    # the store does not exist yet: they also compete for creating it
    here = str(Path(__file__).parent)
    arguments = [[str(tmp_path), url or "", str(worker), here] for worker in range(3)]
    running = [subprocess.Popen([sys.executable, "-c", WORKER, *some], cwd=ROOT) for some in arguments]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    with reading(open_engine(tmp_path, url)) as connection:
        submitted = connection.exec_driver_sql("SELECT run_id FROM submission ORDER BY run_id").scalars().all()
    assert list(submitted) == list(range(1, 13))
    assert count(tmp_path, url)["run"] == 12


def test_second_writer_waits(tmp_path: Path, url: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.store.database.WAIT_SECONDS", 0.2 if url is None else 1)
    store = Store.open(tmp_path, url)
    good = record(store)
    with writing(open_engine(tmp_path, url)), pytest.raises(Refusal, match="存档数据库不可用"):
        approved(store, good)
    approved(store, good)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql+psycopg://clerk:s3cret@127.0.0.1:1/none?sslpassword=s3cret2",
        "postgresql://clerk:s3cret@127.0.0.1:1/none",
        "postgresql+psycopg://clerk:s3:cret@host:s3cret/none",
        "mysql+pymysql://clerk:s3cret@127.0.0.1/none",
        "s3cret",
    ],
)
def test_useless_address_is_refused_without_its_password(tmp_path: Path, address: str) -> None:
    with pytest.raises(Refusal) as caught:
        Store.open(tmp_path, address)
    assert "s3cret" not in str(caught.value)
    assert "数据库" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_useless_folder_is_refused(tmp_path: Path, url: str | None) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Refusal, match=r"失败：路径中有一级不是文件夹|失败："):
        Store.open(tmp_path / "file" / "home", url)


def test_damaged_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "audit.db").write_bytes(b"no database at all, but long enough to be taken for one" * 20)
    with pytest.raises(Refusal, match="存档数据库不可用"):
        Store.open(tmp_path)


def test_a_correction_is_kept_with_its_edition_and_who_said_it(tmp_path: Path, url: str | None) -> None:
    store = Store.open(tmp_path, url)
    why = Correction(2, 1, "补录迟报的行政复议")
    first = approved(store, record(store))
    second = approved(store, record(store, b"corrected", correction=why))
    again = approved(store, record(store, b"corrected", correction=why))
    assert store.corrections("360702", 2023) == (why,)
    assert store.corrections("360702", 2024) == ()
    editions = [store.edition("360702", 2023, number) for number in (1, 2, 3)]
    assert [edition and edition.run_id for edition in editions] == [first, second, None]
    assert again > second
    with reading(open_engine(tmp_path, url)) as connection:
        row = connection.execute(sa.select(metadata.tables["correction"])).one()
    assert (row.run_id, row.corrects, row.name) == (second, 1, "经办人")


def test_a_correction_of_an_edition_that_is_no_longer_the_newest_is_refused(tmp_path: Path, url: str | None) -> None:
    """Its pages and its annex carry a number that another run has taken in the meantime."""
    store = Store.open(tmp_path, url)
    approved(store, record(store))
    approved(store, record(store, b"meanwhile"))
    before = count(tmp_path, url)
    with pytest.raises(Refusal, match="在本次运行期间有变化"):
        approved(store, record(store, b"corrected", correction=Correction(2, 1, "补录迟报的行政复议")))
    assert count(tmp_path, url) == before
