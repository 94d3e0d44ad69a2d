"""The catalogue of one body: what it registers, and that its sources can fill the form."""

from collections.abc import Collection, Mapping
from pathlib import Path

from tasks.agency import Agency, load_agency
from tasks.library import Library
from yearbook.errors import Refusal
from yearbook.form.edition_2021 import TABLES


def own_library(library: Library, agency: Agency) -> Library:
    """The part of the catalogue that speaks of a body.

    Args:
        library: The whole catalogue, coherent.
        agency: The body.

    Raises:
        Refusal: The body registers a source or renames an owner that the catalogue does not have, or none of its
            sources gives a number that the form needs.
    """
    _require_known(agency, "sources", agency.sources, library.sources)
    _require_known(agency, "owners", agency.owners, library.names_of_owners())
    own = library.of_body(agency.sources, agency.owners)
    _require_form(own, library, agency)
    return own


def every_body(library: Library, project: Path) -> Mapping[str, Library]:
    """The catalogue of every registered body, by its code; errors as in ``own_library``."""
    codes = sorted(path.stem for path in (project / "deployments" / "agencies").glob("*.toml"))
    return {code: own_library(library, load_agency(project, code)[0]) for code in codes}


def _file(agency: Agency) -> str:
    return f"deployments/agencies/{agency.code}.toml"


def _require_known(agency: Agency, key: str, names: Collection[str], known: Collection[str]) -> None:
    """A name that the catalogue does not have would be read by nobody."""
    if unknown := [name for name in names if name not in known]:
        raise Refusal(
            f"{_file(agency)} 的 {key} 中有目录里没有的名称 {'、'.join(unknown)}",
            todo=f"更正该名称，可用的有：{'、'.join(sorted(known))}",
        )


def _require_form(own: Library, whole: Library, agency: Agency) -> None:
    """Every cell of the form is counted from a source of the body."""
    figures = {i.figure_code(members) for i in own.indicators.values() for members in i.combinations()}
    for form in TABLES.values():
        for cell in form.number_cells():
            if cell.figure is None or cell.figure in figures:
                continue
            indicator = whole.indicators.get(cell.figure.partition(".")[0])
            if indicator is None or indicator.source in agency.sources:
                raise Refusal(
                    f"{cell.address} 没有数字：目录中没有 {cell.figure}",
                    todo="在 sql/indicators.toml 补上该指标或成员，法定表格的每一格都要有",
                )
            source = whole.sources[indicator.source]
            raise Refusal(
                f"机构 {agency.code} 没有登记来源 {source.code}（{source.name}），{cell.address} 没有数字",
                todo=f"在 {_file(agency)} 增加 [sources.{source.code}]；法定表格的每一格都要有来源",
            )
