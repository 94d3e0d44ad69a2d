"""One attempt at a report: alone at it, known to be alive, and its end told whatever happens."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tasks.clock import now
from tasks.outcome import Outcome
from tasks.progress import Steps
from tasks.request import Request
from tasks.settings import Settings
from tasks.store import StepRecord, Store
from tasks.store.journal import BEAT_SECONDS
from yearbook.errors import Refusal

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Attempt:
    """An attempt that is under way."""

    id: int
    request: Request
    store: Store

    def steps(self) -> Steps:
        """Steps that are noted in the journal as they end."""
        count = 0

        def told(step: StepRecord) -> None:
            nonlocal count
            count += 1
            self.store.journal.step(self.id, count, step, now())

        return Steps(told=told)

    def ended(self, outcome: Outcome) -> None:
        """Note how the run ended."""
        words = "" if not outcome.blocking else "、".join(dict.fromkeys(v.code for v in outcome.blocking))
        self.store.journal.end(self.id, outcome.state, at=now(), run_id=outcome.run_id, words=words)


@contextmanager
def attempt(settings: Settings, request: Request, flow_run: str = "") -> Iterator[Attempt]:
    """Hold the lease of a report while it is made.

    Args:
        settings: The settings.
        request: What is asked for; its body and year have been checked.
        flow_run: The scheduler's identifier.

    Raises:
        Refusal: Somebody else is at it, or the store cannot be opened.
    """
    store = Store.open(settings.home / "store", settings.store_address())
    begun = store.journal.begin(
        request.body, request.year, purpose=request.purpose, operator=settings.who(), at=now(), flow_run=flow_run
    )
    stop = threading.Event()
    beating = threading.Thread(target=_beat, args=(store, begun, stop), name=f"attempt-{begun}", daemon=True)
    beating.start()
    try:
        yield Attempt(begun, request, store)
    except Refusal as refusal:
        store.journal.end(begun, "refused", at=now(), words=str(refusal))
        raise
    except BaseException as error:
        # the kind of error only: its text may quote a row
        store.journal.end(begun, "failed", at=now(), words=type(error).__name__)
        raise
    finally:
        stop.set()
        beating.join()


def _beat(store: Store, attempt_id: int, stop: threading.Event) -> None:
    while not stop.wait(BEAT_SECONDS):
        try:
            if not store.journal.beat(attempt_id, now()):
                return
        except Refusal as refusal:
            # the next beat may get through; if none does, the lease runs out and the commit is refused
            _log.warning("第 %s 次尝试的心跳没有写入：%s", attempt_id, refusal)
