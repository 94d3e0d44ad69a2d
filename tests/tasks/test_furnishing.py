"""A body's own template and the site's fonts: found, digested, and among the inputs of a run."""

import dataclasses
from hashlib import sha256
from pathlib import Path

import pytest
from pydantic import ValidationError

from tasks.agency import Agency, load_agency
from tasks.furnishing import Furnishing, furnish
from tasks.settings import Settings
from yearbook.errors import Refusal
from yearbook.report.profile import Profile


@pytest.fixture
def agency(project: Path) -> Agency:
    return load_agency(project, "demo")[0]


def with_template(agency: Agency, name: str) -> Agency:
    return agency.model_copy(update={"word_template": name})


def test_a_body_that_says_nothing_has_the_official_page_and_no_template(agency: Agency, tmp_path: Path) -> None:
    assert (agency.profile, agency.word_template) == (Profile.OFFICIAL, "")
    assert furnish(Settings(home=tmp_path), agency).inputs() == {}


def test_a_template_is_read_and_belongs_to_the_inputs(agency: Agency, tmp_path: Path) -> None:
    folder = tmp_path / "deployments" / "word"
    folder.mkdir(parents=True)
    (folder / "本局公文.docx").write_bytes(b"anything")
    found = furnish(Settings(project=tmp_path), with_template(agency, "本局公文"))
    assert found.word == b"anything"
    assert found.inputs() == {"word": {"deployments/word/本局公文.docx": sha256(b"anything").hexdigest()}}


def test_a_missing_template_is_refused(agency: Agency, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"没有文书模板 none\.docx"):
        furnish(Settings(project=tmp_path), with_template(agency, "none"))


@pytest.mark.parametrize("name", ["../base", "a/b", ".base", "base.docx"])
def test_a_template_is_a_name_and_no_path(agency: Agency, name: str) -> None:
    with pytest.raises(ValidationError, match="word_template"):
        Agency.model_validate({**agency.model_dump(), "word_template": name})


def test_fonts_of_the_site_belong_to_the_inputs_by_name_and_contents(agency: Agency, tmp_path: Path) -> None:
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "own.TTF").write_bytes(b"outlines")
    (tmp_path / "licence.txt").write_bytes(b"words")
    first = furnish(Settings(fonts=tmp_path), agency).inputs()
    assert first == {"font": {"deeper/own.TTF": sha256(b"outlines").hexdigest()}}
    (tmp_path / "deeper" / "own.TTF").write_bytes(b"other outlines")
    assert furnish(Settings(fonts=tmp_path), agency).inputs() != first


def test_a_missing_font_folder_is_refused(agency: Agency, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="字体文件夹"):
        furnish(Settings(fonts=tmp_path / "none"), agency)


def test_an_empty_setting_is_no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YEARBOOK_FONTS", "")
    assert Settings().fonts is None


def test_furnishing_without_a_template_tells_nothing() -> None:
    assert dataclasses.replace(Furnishing(), fonts={"a.ttf": "1f"}).inputs() == {"font": {"a.ttf": "1f"}}
