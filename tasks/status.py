"""How every report stands: published, awaiting approval, stopped, under way, crashed."""

from dataclasses import dataclass

from tasks.agency import every_code, load_agency
from tasks.clock import now
from tasks.settings import Settings
from tasks.store import AttemptRow, Store
from tasks.store.journal import STATE_WORDS, StepRow

NEVER = "未运行"


@dataclass(frozen=True, slots=True)
class Standing:
    """How one report stands.

    Attributes:
        body: Code of the body.
        year: Report year.
        words: How it stands, in words.
    """

    body: str
    year: int
    words: str


@dataclass(frozen=True, slots=True)
class Detail:
    """The attempts at one report, newest first, and the steps of the newest."""

    standing: Standing
    attempts: tuple[AttemptRow, ...]
    steps: tuple[StepRow, ...]


def standings(settings: Settings, body: str | None = None) -> tuple[Standing, ...]:
    """How the reports of one body or of every registered body stand, one for each year anybody has tried.

    Raises:
        Refusal: An unknown body, or a store that cannot be read.
    """
    codes = every_code(settings.project) if body is None else (body,)
    for code in codes:
        load_agency(settings.project, code)
    store = Store.open(settings.home / "store", settings.store_address())
    return tuple(
        _standing(store, code, year)
        for code in codes
        for year in sorted({one.year for one in store.journal.attempts(code, None, now=now(), limit=1_000)})
    )


def detail(settings: Settings, body: str, year: int) -> Detail:
    """How one report stands, and how it came to that.

    Raises:
        Refusal: An unknown body, or a store that cannot be read.
    """
    load_agency(settings.project, body)
    store = Store.open(settings.home / "store", settings.store_address())
    attempts = store.journal.attempts(body, year, now=now())
    steps = store.journal.steps(attempts[0].id) if attempts else ()
    return Detail(_standing(store, body, year), attempts, steps)


def _standing(store: Store, body: str, year: int) -> Standing:
    """Publication and the newest attempt told together: a report may stand while a correction of it is under way."""
    edition = store.newest_edition(body, year)
    words = [f"已发布第 {edition.edition} 版"] if edition else []
    submission = store.editions.submission(body, year)
    attempts = [one for one in store.journal.attempts(body, year, now=now()) if one.purpose == "report"]
    newest = attempts[0] if attempts else None
    if newest is not None and newest.state == "awaiting":
        # a decided submission is told by its decision
        if submission is not None and submission.decision is None:
            words.append(STATE_WORDS["awaiting"])
        elif submission is not None and submission.decision == "rejected":
            words.append("已退回")
    elif newest is not None and newest.state != "published":
        words.append(STATE_WORDS[newest.state])
    return Standing(body, year, "，".join(words) or NEVER)
