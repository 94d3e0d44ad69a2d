"""Notices: real servers take them; each goes out once, failures are kept and tried again, and a run never suffers."""

import base64
import hashlib
import hmac
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from click.testing import CliRunner

from tasks import notify
from tasks.agency import load_agency
from tasks.notify_config import Webhook
from tasks.notify_webhook import payload
from tasks.settings import Settings
from tasks.settings import settings as settings_of_process
from tasks.store import Store
from tests.tasks.notified import Mailbox, Robot, mail_server, robot_server
from yearbook.errors import Refusal
from yearbook.notice import Event, Facts, Notice, mark_of, worst, written
from yearbook.verdict import Severity, Status, Verdict

PROJECT = Path(__file__).parents[2]
DAY = datetime(2024, 3, 1, 1, 0, tzinfo=UTC)
ALL = """
[notify]
mail = ["office@example.invalid", "second@example.invalid"]
[[notify.webhooks]]
format = "wecom"
url_secret = "ROBOT_URL"
[[notify.webhooks]]
format = "dingtalk"
url_secret = "ROBOT_URL"
sign_secret = "ROBOT_SIGN"
[[notify.webhooks]]
format = "plain"
url_secret = "ROBOT_URL"
"""
Make = Callable[..., Settings]


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture
def robot() -> Iterator[Robot]:
    with robot_server() as one:
        yield one


@pytest.fixture
def make(tmp_path: Path, mailbox: Mailbox, robot: Robot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """A project whose only body has the channels that are asked for."""
    monkeypatch.setenv("ROBOT_URL", robot.url)
    monkeypatch.setenv("ROBOT_SIGN", "SEC-of-the-robot")

    def made(channels: str = ALL) -> Settings:
        deployments = tmp_path / "project" / "deployments"
        (deployments / "agencies").mkdir(parents=True, exist_ok=True)
        text = (PROJECT / "deployments" / "agencies" / "demo.toml").read_text(encoding="utf-8")
        (deployments / "agencies" / "demo.toml").write_text(text + channels, encoding="utf-8")
        if not (deployments / "notices").exists():
            (deployments / "notices").symlink_to(PROJECT / "deployments" / "notices")
        own = {
            "project": tmp_path / "project",
            "home": tmp_path / "home",
            "smtp_host": "127.0.0.1",
            "smtp_port": mailbox.port,
            "smtp_security": "none",
            "smtp_sender": "yearbook@example.invalid",
        }
        for name, value in own.items():
            monkeypatch.setenv(f"YEARBOOK_{name.upper()}", str(value))
        settings_of_process.cache_clear()
        return settings_of_process()

    with time_machine.travel(DAY, tick=True):
        yield made
    settings_of_process.cache_clear()


def store_of(settings: Settings) -> Store:
    return Store.open(settings.home / "store", settings.store_address())


def tell(settings: Settings, event: Event = Event.AWAITING, about: str = "attempt 1") -> tuple[notify.Told, ...]:
    facts = Facts(body="demo", name="演示大队", year=2023, attempt=1)
    return notify.tell(settings, store_of(settings), event, facts, about)


AWAITING = (
    "演示大队2023年度报告已经完成，等待经办人以外的审核人审核。\n报告在哪里、核对码是什么：yearbook review demo 2023"
)
SUBJECT = "【年度报告】演示大队2023年：等待审核"


def test_mail_goes_to_each_address_alone_with_a_chinese_subject(make: Make, mailbox: Mailbox) -> None:
    assert {one.delivery.state for one in tell(make())} == {"sent"}
    assert [to for to, _ in mailbox.taken] == ["office@example.invalid", "second@example.invalid"]
    for (to, data), mail in zip(mailbox.taken, mailbox.mails(), strict=True):
        assert data.isascii()
        assert (mail["Subject"], mail["To"], mail["Auto-Submitted"]) == (SUBJECT, to, "auto-generated")
        assert mail.get_content().strip() == AWAITING
        assert mail["Date"].endswith("+0800")


def test_robots_get_exactly_their_own_messages(make: Make, robot: Robot) -> None:
    tell(make())
    content = {"msgtype": "text", "text": {"content": f"{SUBJECT}\n{AWAITING}"}}
    plain = {"event": "awaiting", "body": "demo", "year": 2023, "subject": SUBJECT, "text": AWAITING}
    assert robot.contents() == [content, content, plain]


def test_dingtalk_is_signed(make: Make, robot: Robot) -> None:
    tell(make())
    asked = parse_qs(urlsplit(robot.taken[1][0]).query)
    (stamp,), (sign,) = asked["timestamp"], asked["sign"]
    key = b"SEC-of-the-robot"
    wanted = hmac.new(key, stamp.encode() + b"\n" + key, hashlib.sha256).digest()
    assert base64.b64decode(sign) == wanted
    assert abs(int(stamp) / 1000 - DAY.timestamp()) < 60
    assert asked["key"] == ["TOKEN-in-the-address"]


def test_an_event_is_told_once(make: Make, mailbox: Mailbox, robot: Robot) -> None:
    settings = make()
    tell(settings)
    assert tell(settings) == ()
    assert (len(mailbox.taken), len(robot.taken)) == (2, 3)
    tell(settings, about="attempt 2")
    assert (len(mailbox.taken), len(robot.taken)) == (4, 6)


@pytest.mark.parametrize(
    ("status", "answer", "words"),
    [
        (200, b'{"errcode":93000,"errmsg":"invalid TOKEN-in-the-address"}', "errcode 93000"),
        (200, b"<html>login</html>", "看不懂"),
        (200, b'{"errmsg":"ok"}', "看不懂"),
        (500, b'{"errcode":0}', "状态码 500"),
        (302, b"", "状态码 302"),
    ],
)
def test_a_robot_that_says_no_is_a_failure(make: Make, robot: Robot, status: int, answer: bytes, words: str) -> None:
    robot.status, robot.answer, robot.headers = status, answer, {"Location": robot.url}
    told = tell(make('[[notify.webhooks]]\nformat = "wecom"\nurl_secret = "ROBOT_URL"\n'))
    assert [one.delivery.state for one in told] == ["failed"]
    assert words in told[0].delivery.words
    assert "TOKEN" not in told[0].delivery.words
    assert len(robot.taken) == 1


def test_what_failed_is_tried_again_at_the_next_telling_and_only_that(
    make: Make, mailbox: Mailbox, robot: Robot
) -> None:
    settings = make()
    mailbox.refuse, robot.status = {"second@example.invalid"}, 503
    first = {one.delivery.channel: one.delivery.state for one in tell(settings)}
    assert sorted(first.values()) == ["failed", "failed", "failed", "failed", "sent"]
    mailbox.refuse, robot.status = set(), 200
    told = tell(settings, Event.STARTED, "attempt 2")
    again = [one for one in told if one.notice.event is Event.AWAITING]
    assert {one.delivery.channel for one in again} == {name for name, state in first.items() if state == "failed"}
    assert {one.delivery.state for one in told} == {"sent"}
    subjects = [(to, mail["Subject"]) for (to, _), mail in zip(mailbox.taken, mailbox.mails(), strict=True)]
    assert subjects.count(("office@example.invalid", SUBJECT)) == 1
    assert subjects.count(("second@example.invalid", SUBJECT)) == 1
    assert notify.retry(settings, store_of(settings), load_agency(settings.project, "demo")[0]) == ()


def test_what_somebody_died_over_is_told_by_the_next(make: Make, robot: Robot) -> None:
    settings = make()
    store, agency = store_of(settings), load_agency(settings.project, "demo")[0]
    words = Notice(mark_of("demo", 2023, Event.STARTED, "x"), "demo", 2023, Event.STARTED, "标题", "正文")
    store.notices.add(words, ["wecom:ROBOT_URL"], datetime.now(UTC))
    assert notify.retry(settings, store, agency) == ()
    with time_machine.travel(DAY + timedelta(minutes=6)):
        assert [one.delivery.state for one in notify.retry(settings, store, agency)] == ["sent"]
    assert robot.contents()[0]["text"]["content"] == "标题\n正文"


def test_old_news_is_not_tried_for_ever(make: Make, robot: Robot) -> None:
    settings = make()
    robot.status = 500
    tell(settings)
    robot.status = 200
    with time_machine.travel(DAY + timedelta(days=8)):
        assert notify.retry(settings, store_of(settings), load_agency(settings.project, "demo")[0]) == ()


def test_nothing_kept_or_logged_holds_an_address_or_a_token(
    make: Make, robot: Robot, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    settings = make()
    caplog.set_level(logging.DEBUG)
    tell(settings)
    robot.status, mailbox.refuse = 500, {"office@example.invalid"}
    tell(settings, about="attempt 2")
    store = store_of(settings)
    kept = repr([(notice, store.notices.deliveries(number)) for number, notice in store.notices.of("demo")])
    log = "\n".join(record.getMessage() for record in caplog.records)
    for text in (kept, log):
        assert SUBJECT in text
        assert "状态码 500" in text
        assert not any(word in text for word in ("TOKEN", "SEC-of", "@example"))


def test_a_password_is_not_sent_in_the_clear(make: Make, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YEARBOOK_SMTP_USER", "somebody")
    monkeypatch.setenv("SMTP_PASSWORD", "hunter2")
    told = tell(make('[notify]\nmail = ["office@example.invalid"]\n'))
    assert "不发送口令" in told[0].delivery.words
    assert mailbox.taken == []


def test_an_unknown_format_is_refused_when_the_file_is_read(make: Make) -> None:
    with pytest.raises(Refusal, match=r"demo\.toml 的 notify\.webhooks\.0\.format"):
        load_agency(make('[[notify.webhooks]]\nformat = "fax"\nurl_secret = "X"\n').project, "demo")


def test_a_wrong_address_is_refused_without_being_quoted(make: Make) -> None:
    with pytest.raises(Refusal, match=r"notify\.mail") as refused:
        load_agency(make('[notify]\nmail = ["a b\\n@x"]\n').project, "demo")
    assert "a b" not in str(refused.value)


def test_a_body_may_leave_events_out(make: Make, robot: Robot, mailbox: Mailbox) -> None:
    settings = make('[notify]\nmail = ["office@example.invalid"]\nevents = ["awaiting"]\n')
    assert tell(settings, Event.STARTED) == ()
    assert len(tell(settings)) == 1
    assert len(mailbox.taken) == 1


def test_a_template_that_cannot_be_used_keeps_no_news_back(make: Make, mailbox: Mailbox) -> None:
    settings = make()
    notices = settings.project / "deployments" / "notices"
    notices.unlink()
    notices.mkdir()
    (notices / "awaiting.txt").write_text("{{ ''.__class__.__mro__ }}\n正文", encoding="utf-8")
    tell(settings)
    assert mailbox.mails()[0]["Subject"] == SUBJECT
    with pytest.raises(Refusal, match="deployments/notices/"):
        notify.send_test(settings, "demo")


def test_long_words_are_cut_between_characters() -> None:
    notice = Notice("0" * 64, "demo", 2023, Event.TEST, "标题", "字" * 3000)
    content = payload(Webhook(format="wecom", url_secret="X"), notice)["text"]["content"]
    assert 2040 < len(content.encode()) <= 2048
    assert content.endswith("字…")


def test_the_worst_findings_come_first_without_numbers_of_the_report() -> None:
    def verdict(code: str, severity: Severity, status: Status = Status.FAILED) -> Verdict:
        more = {"say": "说明", "place": "某处", "evaluated": 9, "failed": 2, "found": "123456", "expected": "654321"}
        return Verdict(code=code, severity=severity, status=status, owner="综合办", **more)  # type: ignore[arg-type]

    found = [
        verdict("I-1", Severity.INFORMATION),
        verdict("F-0", Severity.FATAL, Status.WAIVED),
        verdict("W-1", Severity.WARNING),
        verdict("F-1", Severity.FATAL),
        verdict("F-2", Severity.FATAL),
    ]
    lines = worst(found)
    assert [line.split()[1] for line in lines] == ["F-1", "F-2", "F-0"]
    assert lines[0] == "致命 F-1 说明 某处（2 处），综合办办理"


@pytest.mark.parametrize("event", Event)
def test_every_event_has_words(event: Event) -> None:
    text = (PROJECT / "deployments" / "notices" / f"{event.value}.txt").read_text(encoding="utf-8")
    facts = Facts(body="demo", name="演示大队", year=2023, attempt=7, edition=2, findings=("甲", "乙"), state="出错")
    notice = written(event, text, facts, "x")
    assert "演示大队" in notice.subject
    assert "None" not in notice.text
    assert "\n\n" not in notice.text


def command(*arguments: str) -> tuple[int, str]:
    from flows.cli import main

    result = CliRunner().invoke(main, ["notify", *arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def test_the_command_tells_of_a_late_report_once_a_day(make: Make, mailbox: Mailbox) -> None:
    make('[notify]\nmail = ["office@example.invalid"]\n')
    code, out = command("demo")
    assert code == 0
    assert "已过期限 30 天" in out
    assert command("demo") == (0, "")
    with time_machine.travel(DAY + timedelta(days=1)):
        assert "已过期限 31 天" in command("demo")[1]
    assert len(mailbox.taken) == 2
    with time_machine.travel(datetime(2024, 1, 31, 12, tzinfo=UTC)):
        assert command("demo") == (0, "")


def test_the_command_tells_of_an_attempt_that_died_once(make: Make, mailbox: Mailbox) -> None:
    settings = make('[notify]\nmail = ["office@example.invalid"]\nevents = ["crashed", "test"]\n')
    journal = store_of(settings).journal
    journal.begin("demo", 2023, purpose="report", operator="测试", at=datetime.now(UTC))
    journal.begin("demo", 2022, purpose="rehearsal", operator="测试", at=datetime.now(UTC))
    assert command("demo") == (0, "")
    with time_machine.travel(DAY + timedelta(minutes=5)):
        code, out = command("demo")
        assert (code, "没有完成" in out, len(out.splitlines())) == (0, True, 1)
        assert command("demo") == (0, "")


def test_the_command_tries_every_channel(make: Make, robot: Robot) -> None:
    make()
    code, out = command("demo", "--test")
    assert (code, out.count("已送达")) == (0, 5)
    robot.status = 500
    code, out = command("demo", "--test")
    assert (code, out.count("已送达"), out.count("没有送达")) == (1, 2, 3)
    make("")
    assert "没有登记通知渠道" in command("demo", "--test")[1]
