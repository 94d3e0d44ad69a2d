"""Figures of earlier years as this store published them: what a trend is drawn from.

A report may be amended after it was published, so the editions are pinned: they are named among the inputs of a run.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tasks.store import Store
from yearbook.quantity import Exact, exact
from yearbook.report.charts import TREND_YEARS


@dataclass(frozen=True, slots=True)
class Earlier:
    """The newest editions of earlier years.

    Attributes:
        values: Exact figures by year and code; a year without an edition is absent.
        editions: Edition number and key of its run by year.
    """

    values: Mapping[int, Mapping[str, Exact]] = field(default_factory=dict)
    editions: Mapping[int, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """The editions as an input of a run."""
        return "; ".join(f"{year}: {words}" for year, words in sorted(self.editions.items()))


def earlier_values(store: Store, body: str, year: int) -> Earlier:
    """What was published for the years that a trend shows beside the report year.

    Args:
        store: Where editions are.
        body: Code of the body.
        year: Report year; it and later years are left out.
    """
    years = range(year - TREND_YEARS + 1, year)
    found = {y: edition for y in years if (edition := store.newest_edition(body, y)) is not None}
    return Earlier(
        values={
            y: {record.code: exact(record.value) for record in store.figures_of(edition.run_id)}
            for y, edition in found.items()
        },
        editions={y: f"{edition.edition} {edition.key}" for y, edition in found.items()},
    )
