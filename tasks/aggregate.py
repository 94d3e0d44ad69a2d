"""Indicators from snapshots: every query of the catalogue, asked of the report year and of its base year."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from tasks.engines.embedded import EmbeddedEngine, attach, values
from tasks.extract import Material
from tasks.library import Library, text_digest
from tasks.sources.snapshot import Snapshot
from yearbook.catalog import Indicator
from yearbook.figure import Figure, Figures
from yearbook.period import ReportYear
from yearbook.quantity import Exact

Values = Mapping[tuple[str, ...], tuple[Exact, int]]


def count_figures(material: Material, library: Library, *, year: ReportYear, body_name: str, folder: Path) -> Figures:
    """Ask every indicator's query and make figures of the answers.

    Args:
        material: The snapshots.
        library: The catalogue.
        year: Report year.
        body_name: Name of the body, a parameter of some queries.
        folder: Scratch folder for the engine's files.

    Raises:
        Refusal: A query is not valid, or gives a member that the catalogue does not know.
    """
    answers = {
        role: _answers(snapshots, library, year=asked, body_name=body_name, path=folder / f"{role}.duckdb")
        for role, snapshots, asked in (("report", material.report, year), ("base", material.base, year.previous))
    }
    read = {item.extract.code: item for item in material.report}
    return Figures(
        figure
        for indicator in library.indicators.values()
        for figure in _figures(
            indicator, answers["report"][indicator.code], answers["base"].get(indicator.code), library, read
        )
    )


def _answers(
    snapshots: tuple[Snapshot, ...], library: Library, *, year: ReportYear, body_name: str, path: Path
) -> dict[str, Values]:
    """Answers of all indicators whose extracts are there; an indicator without its extracts has no answer."""
    have = {item.extract.code for item in snapshots}
    attach(path, snapshots, library.codes)
    with EmbeddedEngine(path, snapshots) as engine:
        return {
            indicator.code: values(
                engine.ask(library.indicator_sql(indicator), name=indicator.sql_name, year=year, body_name=body_name),
                indicator,
            )
            for indicator in library.indicators.values()
            if have.issuperset(indicator.extracts)
        }


def _figures(
    indicator: Indicator, now: Values, base: Values | None, library: Library, read: Mapping[str, Snapshot]
) -> Iterator[Figure]:
    snapshots = [read[extract] for extract in indicator.extracts]
    for members, (value, row_count) in now.items():
        base_value, base_rows = base[members] if base else (None, None)
        yield Figure(
            code=indicator.figure_code(members),
            name=indicator.figure_name(members),
            label=indicator.label(members) or "合计",
            value=value,
            unit=indicator.unit,
            wording=indicator.figure_wording(members),
            definition=indicator.definition,
            basis=indicator.basis,
            base=base_value,
            sql_name=f"sql/{indicator.sql_name}",
            sql_digest=text_digest(library.indicator_sql(indicator)),
            snapshots=tuple(item.digest for item in snapshots),
            row_count=row_count,
            base_row_count=base_rows,
            rows_read=sum(item.row_count for item in snapshots),
            may_be_empty=all(item.extract.may_be_empty for item in snapshots),
        )
