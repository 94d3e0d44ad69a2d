"""The body that reports: ``deployments/agencies/<code>.toml`` as typed settings."""

import re
import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tasks.notify_config import Notify
from tasks.texts import read_text
from yearbook.catalog import first_fault
from yearbook.catalog.rules import Property
from yearbook.errors import Refusal
from yearbook.period import ReportYear
from yearbook.report.profile import Profile

# Body codes become folder names: nothing but lower-case letters, digits and hyphens.
BODY_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Contact(_Entry):
    """How citizens reach the body; printed in the preamble."""

    portal: str
    portal_name: str
    office: str
    address: str
    telephone: str
    postcode: str


class Location(_Entry):
    """Where one source of this body is.

    Attributes:
        url: SQLAlchemy URL without secrets; ``{home}`` is the folder of the settings.
        url_secret: Name of the secret that holds the URL; takes the place of ``url``.
        file: Path of the handed-over file; ``{home}`` and ``{year}`` are filled in.
        reader: Reader that must be used for a database, e.g. ``sqlalchemy``; the fastest usable one where empty.
        complete_from: First year whose rows are all there; an earlier base year is "no base", not zero.
        complete_to: Last year whose rows are all there; None while the source goes on.
    """

    url: str = ""
    url_secret: str = ""
    file: str = ""
    reader: str = ""
    complete_from: int
    complete_to: int | None = None

    @model_validator(mode="after")
    def _says_where(self) -> "Location":
        if sum(map(bool, (self.url, self.url_secret, self.file))) != 1:
            raise ValueError("exactly one of url, url_secret, file")
        return self

    def covers(self, year: ReportYear) -> bool:
        """True where the source holds every row of the year."""
        return self.complete_from <= year.year and (self.complete_to is None or year.year <= self.complete_to)


class Agency(_Entry):
    """One reporting body.

    Attributes:
        code: Folder and parameter name.
        name: Full name.
        short_name: Name in the title.
        notice: A sentence that machine-readable outputs carry.
        wording: Name of its wording template.
        profile: How its report is set on paper: ``official`` or ``plain``.
        word_template: Name of its own template in ``deployments/word``, without the ending; empty for none.
        properties: What kind of body it is, as rules ask for it.
        contact: How citizens reach it.
        reviewers: Who may approve its reports, by name; never the operator of the run.
        notify: Who is told of what happens to its reports; only the log where it is not given.
        owners: Who acts in this body, by the name that the catalogue uses; a name that is missing stays as it is.
        sources: Where its sources are; sources of the catalogue that are missing belong to other kinds of bodies.
    """

    code: str
    name: str
    short_name: str
    notice: str = ""
    wording: str
    profile: Profile = Profile.OFFICIAL
    word_template: str = Field(default="", pattern=r"^([^\W_][\w-]*)?$")
    properties: frozenset[Property] = frozenset()
    contact: Contact
    reviewers: tuple[str, ...] = Field(min_length=1)
    notify: Notify = Notify()
    owners: dict[str, str] = Field(default_factory=dict)
    sources: dict[str, Location] = Field(min_length=1)


def every_code(project: Path) -> tuple[str, ...]:
    """Codes of the registered bodies, in order."""
    return tuple(sorted(path.stem for path in (project / "deployments" / "agencies").glob("*.toml")))


def load_agency(project: Path, code: str) -> tuple[Agency, str]:
    """The body's settings and their text.

    Raises:
        Refusal: No such body, a code that is no code, or settings that do not hold together.
    """
    folder = project / "deployments" / "agencies"
    known = "、".join(every_code(project)) or "（无）"
    path = folder / f"{code}.toml"
    if not BODY_CODE.fullmatch(code) or not path.is_file():
        raise Refusal(
            f"没有代码为“{code}”的机构", todo=f"改用已登记的机构代码：{known}；或新建 deployments/agencies/ 下的文件"
        )
    text = read_text(path, f"deployments/agencies/{code}.toml")
    try:
        return Agency.model_validate({"code": code, **tomllib.loads(text)}), text
    except tomllib.TOMLDecodeError as error:
        raise Refusal(f"deployments/agencies/{code}.toml 不是正确的 TOML：{error}", todo="按提示的行列更正") from error
    except ValidationError as error:
        raise Refusal(
            f"deployments/agencies/{code}.toml 的 {first_fault(error, code)}", todo="更正该项后重新运行"
        ) from error
