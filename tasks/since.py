"""What has changed since a run was made: an approval is for the report as its material was, not as it was once."""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from tasks.agency import Agency, load_agency
from tasks.clock import today
from tasks.settings import Settings
from tasks.store import Store, Submission
from yearbook.errors import Refusal
from yearbook.period import ReportYear

SHOWN = 3
PROGRAM = "程序"


def require_unchanged(settings: Settings, store: Store, submission: Submission) -> None:
    """Refuse where what a submitted run was made from is no longer what lies there.

    Databases are not asked again: what they said is kept, and a new run asks them.

    Raises:
        Refusal: A text, a handed-over file or the program is another one, or the deadline has passed in between.
    """
    agency, agency_text = load_agency(settings.project, submission.body)
    year = ReportYear(submission.year)
    then = _inputs(store, submission.run_id)
    again = f"重新运行 yearbook run {submission.body} {submission.year}，按新的核对码审核"
    if then["calendar"]["deadline"] == "in time" and today() > year.deadline_of(agency.properties):
        limit = year.deadline_of(agency.properties).isoformat()
        raise Refusal(f"报告按期限内公布成文，而期限 {limit} 已过，原来的送审作废", todo=again)
    changed = sorted({*_texts(settings, agency, agency_text, then), *_received(settings, agency, year, then)})
    if changed:
        shown = "、".join(changed[:SHOWN]) + (f"等 {len(changed)} 处" if len(changed) > SHOWN else "")
        raise Refusal(f"送审以后改过：{shown}，原来的送审作废", todo=again)


def _inputs(store: Store, run_id: int) -> Mapping[str, Mapping[str, str]]:
    from tasks.run import INPUTS_NAME

    inputs: dict[str, dict[str, str]] = json.loads(store.blobs.read(store.blobs_of(run_id, "material")[INPUTS_NAME]))
    return inputs


def _texts(settings: Settings, agency: Agency, agency_text: str, then: Mapping[str, Mapping[str, str]]) -> set[str]:
    """Names of texts, templates and fonts that are other ones now, are new or are gone; and the program."""
    from tasks.furnishing import furnish
    from tasks.library import load_library, text_digest
    from tasks.own import own_library
    from tasks.run import given_texts
    from tasks.versions import code_digest
    from tasks.wording import load_wording

    library = own_library(load_library(settings.project), agency)
    given: dict[str, dict[str, str]] = {"sql": {}, "rule": {}, "wording": {}, "agency": {}, "word": {}, "font": {}}
    for kind, name, text in given_texts(library, agency, agency_text, load_wording(settings.project, agency)):
        given[kind][name] = text_digest(text)
    given |= furnish(settings, agency).inputs()
    changed = {name for kind, names in given.items() for name in _differing(then.get(kind, {}), names)}
    return changed | ({PROGRAM} if then["program"]["code"] != code_digest() else set())


def _received(settings: Settings, agency: Agency, year: ReportYear, then: Mapping[str, Mapping[str, str]]) -> set[str]:
    """Handed-over files whose bytes are other ones now, by the names they were received under."""
    from tasks.extract import handed_files

    now: dict[str, str] = {}
    for code, location in agency.sources.items():
        for role, asked in (("report", year), ("base", year.previous)):
            if location.file and location.covers(asked):
                for path in handed_files(location, asked, settings):
                    now[f"{role}/{code}/{path.name}"] = _digest(path)
    kept = {name: value.partition(" ")[0] for name, value in then.get("received", {}).items()}
    # a control file beside an export was received as well, and lies beside it still
    return _differing({name: digest for name, digest in kept.items() if name in now}, now)


def _differing(then: Mapping[str, str], now: Mapping[str, str]) -> set[str]:
    return {name for name in {*then, *now} if then.get(name) != now.get(name)}


def _digest(path: Path) -> str:
    try:
        return sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""
