"""Tells people what happened to a report: once each, over every channel of the body, and never at the run's cost."""

import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from tasks.agency import Agency, load_agency
from tasks.attempt import Attempt
from tasks.clock import now, today
from tasks.notify_mail import send_mail
from tasks.notify_webhook import send_webhook
from tasks.outcome import Outcome
from tasks.request import usual_year
from tasks.settings import Settings
from tasks.store import AttemptRow, Store
from tasks.store.journal import STATE_WORDS
from tasks.store.notices import KEPT_DAYS, Delivery
from tasks.texts import read_text
from yearbook.errors import Refusal
from yearbook.notice import Event, Facts, Notice, plainest, worst, written
from yearbook.period import ReportYear

LOG = "log"
DIGITS = 8
"""How much of an address's digest names its channel."""
log = logging.getLogger("yearbook.notices")
ENDS: Mapping[str, Event] = {
    "blocked": Event.BLOCKED,
    "unexplained": Event.UNEXPLAINED,
    "awaiting": Event.AWAITING,
}
"""Ends of a run that people are told of; one that reproduces the published edition is no news."""

Send = Callable[[Notice, datetime], None]


@dataclass(frozen=True, slots=True)
class Told:
    """A notice and how a channel took it."""

    notice: Notice
    delivery: Delivery


def tell(settings: Settings, store: Store, event: Event, facts: Facts, about: str) -> tuple[Told, ...]:
    """Tell of an event, unless it was told before, and try again what did not get through earlier.

    Args:
        settings: The settings.
        store: The store.
        event: What happened.
        facts: What the notice may say.
        about: What tells the event apart from others of its kind.

    Returns:
        What was sent or tried now, the log left out.

    Raises:
        Refusal: The body's file or the store cannot be read.
    """
    agency, _ = load_agency(settings.project, facts.body)
    notice = _notice(settings, event, facts, about)
    channels = _channels(settings, agency) if event in agency.notify.events or event is Event.TEST else {}
    earlier = retry(settings, store, agency)
    number = store.notices.add(notice, [LOG, *channels], now())
    if number is None:
        return earlier
    log.info("%s", notice.subject)
    store.notices.note(Delivery(number, LOG, "sent", now(), ""))
    return (*earlier, *(_deliver(store, number, notice, name, send) for name, send in channels.items()))


def retry(settings: Settings, store: Store, agency: Agency) -> tuple[Told, ...]:
    """Try again what did not get through; a channel that is configured no more gets nothing."""
    channels = _channels(settings, agency)
    pending = store.notices.pending(agency.code, now())
    return tuple(
        _deliver(store, number, notice, name, channels[name]) for number, notice, name in pending if name in channels
    )


def quietly(settings: Settings, store: Store, event: Event, body: str, year: int, *, about: str, **extra: Any) -> None:
    """Tell of an event on the way of something that matters more: whatever goes wrong here is logged and over."""
    try:
        name = load_agency(settings.project, body)[0].name
        tell(settings, store, event, Facts(body=body, name=name, year=year, **extra), about)
    except Refusal as refusal:
        log.warning("通知没有发出（%s）：%s", event.label, refusal)
    except Exception as error:  # noqa: BLE001 - a finished report must not fail over a fault in telling of it
        # the kind only: its text may quote an address
        log.error("通知没有发出（%s）：%s", event.label, type(error).__name__)


def started(settings: Settings, attempt: Attempt) -> None:
    """Tell that a report is being made."""
    _of_attempt(settings, attempt, Event.STARTED)


def ended(settings: Settings, attempt: Attempt, outcome: Outcome) -> None:
    """Tell how a run ended; an end that needs nobody is not told."""
    event = ENDS.get(outcome.state)
    if event is not None:
        _of_attempt(settings, attempt, event, fatal=len(outcome.blocking), findings=worst(outcome.findings))


def failed(settings: Settings, attempt: Attempt, error: BaseException) -> None:
    """Tell that an attempt was refused or went wrong; its kind only, as its text may quote a path or a row."""
    state = "refused" if isinstance(error, Refusal) else "failed"
    _of_attempt(settings, attempt, Event.CRASHED, state=STATE_WORDS[state])


def decided(settings: Settings, store: Store, body: str, year: int, run_id: int, edition: int | None) -> None:
    """Tell that a submission was published as an edition, or sent back."""
    event = Event.REJECTED if edition is None else Event.PUBLISHED
    quietly(settings, store, event, body, year, about=f"run {run_id}", edition=edition)


def armed(settings: Settings, body: str, year: int, when: str) -> None:
    """Tell that a report has been scheduled; ``when`` is the schedule in words, and a new one is told anew."""
    store = Store.open(settings.home / "store", settings.store_address())
    quietly(settings, store, Event.ARMED, body, year, about=when, when=when)


def due(settings: Settings, body: str) -> tuple[Told, ...]:
    """Tell what nobody was there to tell: attempts that died, and, once a day, a report that is overdue.

    Raises:
        Refusal: An unknown body, or the store cannot be read.
    """
    agency, _ = load_agency(settings.project, body)
    store = Store.open(settings.home / "store", settings.store_address())
    told = list(retry(settings, store, agency))
    store.journal.note_crashes(now())
    for row in reversed(store.journal.attempts(body, None, now=now())):
        if _is_news(row):
            facts = Facts(body=body, name=agency.name, year=row.year, attempt=row.id, state=STATE_WORDS["crashed"])
            told += tell(settings, store, Event.CRASHED, facts, f"attempt {row.id}")
    told += _overdue(settings, store, agency)
    return tuple(told)


def send_test(settings: Settings, body: str) -> tuple[Told, ...]:
    """Send a test notice over every channel, after every template has been tried.

    Raises:
        Refusal: An unknown body, a template that cannot be used, or the store cannot be read.
    """
    agency, _ = load_agency(settings.project, body)
    facts = Facts(body=body, name=agency.name, year=usual_year("report"), attempt=1, edition=1)
    for event in Event:
        written(event, _template(settings, event), facts, "")
    store = Store.open(settings.home / "store", settings.store_address())
    return tell(settings, store, Event.TEST, facts, now().isoformat())


def _overdue(settings: Settings, store: Store, agency: Agency) -> tuple[Told, ...]:
    year, day = usual_year("report"), today()
    last = ReportYear(year).deadline_of(agency.properties)
    if day <= last or store.newest_edition(agency.code, year) is not None:
        return ()
    rows = [row for row in store.journal.attempts(agency.code, year, now=now()) if row.purpose == "report"]
    facts = Facts(
        body=agency.code,
        name=agency.name,
        year=year,
        due=f"{last.year}年{last.month}月{last.day}日",
        late=(day - last).days,
        state=STATE_WORDS[rows[0].state] if rows else "",
    )
    return tell(settings, store, Event.OVERDUE, facts, day.isoformat())


def _is_news(row: AttemptRow) -> bool:
    """True for an attempt at a report that died lately."""
    recent = row.started_at >= now() - timedelta(days=KEPT_DAYS)
    return row.purpose == "report" and row.state == "crashed" and recent


def _of_attempt(settings: Settings, attempt: Attempt, event: Event, **extra: Any) -> None:
    asked = attempt.request
    if asked.purpose == "report":
        about = f"attempt {attempt.id}"
        quietly(settings, attempt.store, event, asked.body, asked.year, about=about, attempt=attempt.id, **extra)


def _notice(settings: Settings, event: Event, facts: Facts, about: str) -> Notice:
    try:
        return written(event, _template(settings, event), facts, about)
    except Refusal as refusal:
        # what happened is more important than how it is put
        log.warning("通知改用自带的文字：%s", refusal)
        return plainest(event, facts, about)


def _template(settings: Settings, event: Event) -> str:
    name = f"deployments/notices/{event.value}.txt"
    path = settings.project / name
    try:
        return read_text(path, name)
    except OSError as error:
        raise Refusal(f"{name} 读不了：{error.strerror}", todo="放回该文件") from error


def _channels(settings: Settings, agency: Agency) -> dict[str, Send]:
    """Every channel by a name that holds neither address nor token, and how to send over it."""
    found: dict[str, Send] = {}
    for address in agency.notify.mail:
        digest = hashlib.sha256(address.lower().encode()).hexdigest()
        found[f"mail:{digest[:DIGITS]}"] = partial(send_mail, settings, address)
    for hook in agency.notify.webhooks:
        found[f"{hook.format}:{hook.url_secret}"] = partial(send_webhook, settings, hook)
    return found


def _deliver(store: Store, number: int, notice: Notice, channel: str, send: Send) -> Told:
    """Send over one channel and note how it went; one that fails keeps no other from being tried."""
    try:
        send(notice, now())
    except Refusal as refusal:
        words = str(refusal)
    except Exception as error:  # noqa: BLE001 - the next channel must be tried whatever this one does
        words = f"程序出错（{type(error).__name__}）"
    else:
        words = ""
    done = Delivery(number, channel, "failed" if words else "sent", now(), words)
    if words:
        log.warning("通知没有送达（%s，%s）：%s", notice.event.label, channel, words)
    store.notices.note(done)
    return Told(notice, done)
