"""The same report from three databases: the demonstration's tables in SQLite, PostgreSQL and MariaDB."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.flows.conftest import Command
from tests.tasks.sources.databases import Database

SOURCES = ("vehicles", "incidents", "enforcement", "licensing")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose small body reads its databases by the secret ``SOURCES_URL``."""
    project = tmp_path / "project"
    for folder in ("sql", "expectations", "deployments"):
        shutil.copytree(PROJECT / folder, project / folder)
    path = project / "deployments" / "agencies" / "yunlu.toml"
    text = path.read_text(encoding="utf-8")
    for source in SOURCES:
        text = text.replace(f'url = "sqlite:///{{home}}/demo/yunlu/{source}.sqlite"', 'url_secret = "SOURCES_URL"')
    assert text.count("SOURCES_URL") == len(SOURCES)
    path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("YEARBOOK_PROJECT", str(project))
    return project


@pytest.mark.postgresql
@pytest.mark.mariadb
def test_three_databases_give_the_same_figures_byte_for_byte(
    home: Path,
    elsewhere: Path,
    here: Command,
    postgresql_url: str,
    mariadb_url: str,
    monkeypatch: pytest.MonkeyPatch,
    demo_sources: Callable[[str], Path],
) -> None:
    folder = demo_sources("yunlu")
    whole = home / "one.sqlite"
    found = {}
    for product, url in {"sqlite": f"sqlite:///{whole}", "postgresql": postgresql_url, "mariadb": mariadb_url}.items():
        whole.touch()
        database = Database(url)
        for source in SOURCES:
            database.copy(folder / f"{source}.sqlite")
        monkeypatch.setenv("SOURCES_URL", url)
        ended = here("run", "yunlu", "2023", home=home)
        assert ended.code == 0, ended.err
        report = home / "out" / "yunlu" / "2023"
        found[product] = {
            name: (report / name).read_bytes()
            for name in ("figures.csv", "report.docx", "report.html", "report.pdf", "summary.xlsx")
        }
    assert len(found["sqlite"]["figures.csv"].splitlines()) > 200
    for product in ("postgresql", "mariadb"):
        differing = [name for name, data in found[product].items() if data != found["sqlite"][name]]
        assert not differing, product
