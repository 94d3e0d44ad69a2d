"""What a real run tells, and that it ends the same where nothing can be told."""

import json
from pathlib import Path

import pytest

from tasks.store import Store
from tests.flows.conftest import Command
from tests.tasks.notified import robot_server

PROJECT = Path(__file__).parents[2]
CHANNEL = '\n[[notify.webhooks]]\nformat = "plain"\nurl_secret = "ROBOT_URL"\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project with one body that has a channel."""
    folder = tmp_path / "project"
    (folder / "deployments" / "agencies").mkdir(parents=True)
    for part in ("sql", "expectations"):
        (folder / part).symlink_to(PROJECT / part)
    for part in (PROJECT / "deployments").iterdir():
        if part.name != "agencies":
            (folder / "deployments" / part.name).symlink_to(part)
    for file in (PROJECT / "deployments" / "agencies").glob("*.toml"):
        own = CHANNEL if file.stem == "yunlu" else ""
        (folder / "deployments" / "agencies" / file.name).write_text(file.read_text(encoding="utf-8") + own, "utf-8")
    return folder


def test_a_run_tells_what_happens_and_ends_the_same_where_nobody_hears(
    here: Command, home: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YEARBOOK_PROJECT", str(project))
    with robot_server() as robot:
        monkeypatch.setenv("ROBOT_URL", robot.url)
        robot.status = 500
        ended = here("run", "yunlu", "2023", home=home)
        assert ended.code == 0, ended.err
        assert "报告第 1 版在" in ended.out
        assert [content["event"] for content in robot.contents()][:1] == ["started"]
        robot.status = 200
        robot.taken.clear()
        assert here("run", "yunlu", "2023", home=home).code == 0
        told = [(content["event"], content["year"]) for content in robot.contents()]
        # what did not get through before, then that it began again; that it reproduces the edition is no news
        assert told == [(event, 2023) for event in ("started", "awaiting", "published", "started")]
        robot.taken.clear()
        (home / "demo" / "yunlu" / "licensing.sqlite").unlink()
        assert here("run", "yunlu", "2023", home=home).code == 2
        assert [content["event"] for content in robot.contents()] == ["started", "crashed"]
        assert "被拒绝" in json.dumps(robot.contents(), ensure_ascii=False)
        assert "核对码 " not in json.dumps(robot.contents(), ensure_ascii=False)
    notices = Store.open(home / "store").notices
    assert len(notices.of("yunlu")) == 6
