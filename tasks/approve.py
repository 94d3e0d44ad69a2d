"""Approval: a person other than the operator says yes or no to exactly what awaits it; then it is published.

The decision is one transaction. The folder readers look at follows it and can be made again from the store.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from tasks.agency import Agency, load_agency
from tasks.clock import now
from tasks.documents import TOP_LEVEL
from tasks.notify import decided
from tasks.publish import publish, withdraw
from tasks.settings import Settings
from tasks.since import require_unchanged
from tasks.store import Approval, DecisionWord, Publication, Store, Submission
from yearbook.errors import Refusal

CODE_LENGTH = 12
SHORTEST, LONGEST = 4, 500
ASIDE = ("review", "blocked")
"""Folders under the home that show what is not published; they go once something is."""


@dataclass(frozen=True, slots=True)
class Approved:
    """A published report.

    Attributes:
        edition: The edition.
        folder: Where it is.
        changed: False where the folder held it already.
        submission: What was approved.
    """

    edition: int
    folder: Path
    changed: bool
    submission: Submission


def code_of(submission: Submission) -> str:
    """What whoever approves has to name: the beginning of the submission's digest."""
    return submission.digest[:CODE_LENGTH]


def awaiting(settings: Settings, body: str, year: int) -> Submission:
    """The newest submission of a report, decided or not.

    Raises:
        Refusal: An unknown body, nothing was ever submitted, or the store cannot be read.
    """
    load_agency(settings.project, body)
    store = Store.open(settings.home / "store", settings.store_address())
    return _submission(store, body, year)


def approve(settings: Settings, body: str, year: int, code: str, *, name: str, reason: str = "") -> Approved:
    """Approve what awaits approval, and publish it.

    Args:
        settings: The settings.
        body: Code of the body.
        year: Report year.
        code: The submission's code, as its review page shows it.
        name: Who approves; one of the body's reviewers.
        reason: What the person wants to have noted.

    Raises:
        Refusal: The code is another one, the person may not approve, somebody has decided, something was changed since,
            or a kept file is damaged.
    """
    agency, _ = load_agency(settings.project, body)
    store = Store.open(settings.home / "store", settings.store_address())
    submission = _submission(store, body, year)
    _require_code(submission, code)
    if submission.decision == "approved":
        return _published(settings, store, submission)
    _require_person(agency, submission, name)
    require_unchanged(settings, store, submission)
    files = _outputs(store, submission)
    decision, size = _decision(store, submission, "approved", name=name, reason=reason.strip())
    if store.editions.decide(decision, size) is None:
        raise AssertionError("an approval without an edition")
    return _published(settings, store, submission, files)


def reject(settings: Settings, body: str, year: int, code: str, *, name: str, reason: str) -> Submission:
    """Send back what awaits approval; nothing is published.

    Raises:
        Refusal: As for ``approve``, or no reason is given.
    """
    agency, _ = load_agency(settings.project, body)
    store = Store.open(settings.home / "store", settings.store_address())
    submission = _submission(store, body, year)
    _require_code(submission, code)
    _require_person(agency, submission, name)
    line = reason.strip()
    if not SHORTEST <= len(line) <= LONGEST:
        raise Refusal(f"退回要写明理由，{SHORTEST} 至 {LONGEST} 字", todo="用 --reason 写明哪里要改")
    decision, size = _decision(store, submission, "rejected", name=name, reason=line)
    store.editions.decide(decision, size)
    decided(settings, store, body, year, submission.run_id, None)
    return _submission(store, body, year)


def _submission(store: Store, body: str, year: int) -> Submission:
    found = store.editions.submission(body, year)
    if found is None:
        raise Refusal(f"{body} {year} 年没有送审的报告", todo=f"先运行 yearbook run {body} {year}")
    return found


def _require_code(submission: Submission, code: str) -> None:
    if code != code_of(submission):
        raise Refusal(
            f"核对码“{code}”不是 {submission.body} {submission.year} 年最近送审的那一份",
            todo="重新查看送审的报告，填写其中的核对码",
        )


def _require_person(agency: Agency, submission: Submission, name: str) -> None:
    if name not in agency.reviewers:
        known = "、".join(agency.reviewers) or "（无）"
        raise Refusal(
            f"“{name}”不是 {agency.code} 登记的审核人",
            todo=f"由登记的审核人办理：{known}；或在 deployments/agencies/{agency.code}.toml 的 reviewers 中登记",
        )
    if name == submission.operator:
        raise Refusal(f"“{name}”就是这次运行的经办人，不能审核自己经办的报告", todo="由另一位审核人办理")


def _outputs(store: Store, submission: Submission) -> dict[str, bytes]:
    """Every file as it was submitted, whole."""
    return {name: store.blobs.read(digest) for name, digest in store.outputs(submission.run_id).items()}


def _decision(
    store: Store, submission: Submission, word: DecisionWord, *, name: str, reason: str
) -> tuple[Approval, int]:
    at = now()
    statement = {
        "body": submission.body,
        "year": str(submission.year),
        "run": str(submission.run_id),
        "submission": submission.digest,
        "operator": submission.operator,
        "decision": word,
        "name": name,
        "reason": reason,
        "decided_at": at.isoformat(),
    }
    data = json.dumps(statement, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    record = store.blobs.put_bytes(data)
    return Approval(submission.run_id, word, name, reason, at, record), len(data)


def _published(
    settings: Settings, store: Store, submission: Submission, files: dict[str, bytes] | None = None
) -> Approved:
    """The folder as the edition wants it, also where an earlier attempt at that was cut off."""
    edition: Publication | None = store.edition_of(submission.run_id)
    newest = store.newest_edition(submission.body, submission.year)
    if edition is None or newest is None:
        raise AssertionError("an approved submission without an edition")
    if newest.edition != edition.edition:
        return Approved(edition.edition, Path(submission.target), changed=False, submission=submission)
    target = Path(submission.target)
    changed = publish(files or _outputs(store, submission), target, known=TOP_LEVEL)
    for room in ASIDE:
        withdraw(settings.home / room / submission.body / str(submission.year))
    decided(settings, store, submission.body, submission.year, submission.run_id, edition.edition)
    return Approved(edition.edition, target, changed=changed, submission=submission)
