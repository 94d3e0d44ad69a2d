"""A run held against the newest edition that other material, rules or code have made."""

import json
from collections.abc import Mapping
from dataclasses import replace

from tasks.extract import Material
from tasks.run import INPUTS_NAME, Run
from tasks.store import FigureRecord, Publication, Store
from tasks.words import stored_words
from yearbook.figure import Figures
from yearbook.quantity import exact
from yearbook.report.words import ReportWords, text_differences
from yearbook.revision import Account, Counted, Inputs, Revision, compare


def revise(run: Run, material: Material, figures: Figures, words: ReportWords) -> Revision | None:
    """Compare a run with the edition before it.

    Args:
        run: The run.
        material: What it was counted from.
        figures: What it counted.
        words: What its report says.

    Returns:
        None where there is no edition of another run key: this is the first edition, or it once more.

    Raises:
        Refusal: The store cannot be read, or a file of the edition is missing or damaged.
    """
    before = run.store.edition_before(run.agency.code, run.year.year, run.key(material))
    return None if before is None else against(before, run, material, figures, words)


def against(edition: Publication, run: Run, material: Material, figures: Figures, words: ReportWords) -> Revision:
    """Compare a run with any edition of its report.

    Raises:
        Refusal: The store cannot be read, or a file of the edition is missing or damaged.
    """
    counted = {f.code: Counted(f.name, f.value, f.unit.value, f.base) for f in figures.values()}
    now = Account(run.key(material), counted, run.inputs(material))
    revision = compare(read_account(run.store, edition), now, edition=edition.edition)
    told = stored_words(run.store, edition.run_id)
    return replace(revision, texts=() if told is None else text_differences(told, words))


def read_account(store: Store, edition: Publication) -> Account:
    """What the run of an edition counted and was given, as the store keeps it.

    Raises:
        Refusal: The store cannot be read, or a file is missing or damaged.
    """
    names = _names(store, edition.run_id)
    return Account(
        key=edition.key,
        figures={record.code: _counted(record, names) for record in store.figures_of(edition.run_id)},
        inputs=_inputs(store, edition.run_id),
    )


def _counted(record: FigureRecord, names: Mapping[str, str]) -> Counted:
    base = None if record.base_value is None else exact(record.base_value)
    return Counted(names.get(record.code, record.code), exact(record.value), record.unit, base)


def _names(store: Store, run_id: int) -> dict[str, str]:
    """Chinese names of the edition's figures, for those that are gone; only its own figures.json still has them."""
    digest = store.outputs(run_id).get("figures.json")
    if digest is None:
        return {}
    return {figure["code"]: figure["name"] for figure in json.loads(store.blobs.read(digest))["figures"]}


def _inputs(store: Store, run_id: int) -> Inputs | None:
    digest = store.blobs_of(run_id, "material").get(INPUTS_NAME)
    if digest is None:
        return None
    inputs: dict[str, dict[str, str]] = json.loads(store.blobs.read(digest))
    return inputs
