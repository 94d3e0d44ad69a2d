"""The office's wording template as it lies on disk, and its check; asks no source, no database and no scheduler."""

from pathlib import Path

from tasks.agency import Agency
from tasks.library import Library
from tasks.texts import read_wording
from yearbook.errors import Refusal
from yearbook.figure import Figures
from yearbook.form.edition_2021 import SECTIONS
from yearbook.period import ReportYear
from yearbook.report.model import Body
from yearbook.report.rehearsal import rehearsals
from yearbook.report.wording_check import Checked, check_wording, require_sound
from yearbook.report.wording_functions import Facts


def wording_name(agency: Agency) -> str:
    """File name of the body's template, as messages cite it."""
    return f"deployments/wording/{agency.wording}.txt"


def load_wording(project: Path, agency: Agency) -> str:
    """Text of the body's template.

    Raises:
        Refusal: There is none, or it is in no encoding that a text editor saves.
    """
    path = project / wording_name(agency)
    if not path.is_file():
        raise Refusal(
            f"没有行文模板 {agency.wording}.txt", todo="在 deployments/wording/ 放入该模板，或更正机构文件的 wording"
        )
    return read_wording(path, wording_name(agency), proof=SECTIONS[0])


def body_of(agency: Agency) -> Body:
    """The body as the report knows it."""
    return Body(
        code=agency.code,
        name=agency.name,
        short_name=agency.short_name,
        notice=agency.notice,
        profile=agency.profile,
    )


def facts_of(agency: Agency, library: Library, year: int) -> Facts:
    """What a template may say beside the figures: year, texts about the body, registered explanations."""
    contact = agency.contact
    _, entries = library.exceptions(agency.code, year)
    explanations: dict[str, str] = {}
    for entry in entries:
        before = explanations.get(entry.cell)
        explanations[entry.cell] = f"{before}；{entry.text}" if before else entry.text
    texts = {
        "名称": agency.name,
        "简称": agency.short_name,
        "网站名称": contact.portal_name,
        "网址": contact.portal,
        "联系部门": contact.office,
        "地址": contact.address,
        "电话": contact.telephone,
        "邮编": contact.postcode,
    }
    return Facts(year, texts, explanations)


def check(text: str, agency: Agency, library: Library, year: ReportYear) -> Checked:
    """Every fault of the body's template at once."""
    return check_wording(
        text,
        name=wording_name(agency),
        body=body_of(agency),
        facts=facts_of(agency, library, year.year),
        rehearsals=_rehearsals(agency, library, year),
    )


def require_wording(text: str, agency: Agency, library: Library, year: ReportYear) -> None:
    """Refuse a template with a fault, before any source is asked.

    Raises:
        Refusal: The first fault, with its line.
    """
    require_sound(
        text,
        name=wording_name(agency),
        body=body_of(agency),
        facts=facts_of(agency, library, year.year),
        rehearsals=_rehearsals(agency, library, year),
    )


def _rehearsals(agency: Agency, library: Library, year: ReportYear) -> dict[str, Figures]:
    """The catalogue in every situation; where a body's source holds no year before, its figures have no base."""
    without = [
        code
        for code in library.sources
        if (location := agency.sources.get(code)) is None or not location.covers(year.previous)
    ]
    return rehearsals(library.indicators.values(), without)
