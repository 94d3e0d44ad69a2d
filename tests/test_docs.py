"""Documentation cannot drift: what it names exists, and what exists is named."""

import re
import shlex
from pathlib import Path

import click
import pytest

from flows.cli import DONE, main
from tasks.documents import TOP_LEVEL
from tasks.library import Library
from tasks.settings import Settings

PROJECT = Path(__file__).resolve().parent.parent
READMES = [PROJECT / "README.md", PROJECT / "README.zh-CN.md"]
PAGES = sorted([*READMES, PROJECT / "CONTRIBUTING.md", PROJECT / "CHANGELOG.md", *(PROJECT / "docs").rglob("*.md")])
DECISIONS = sorted((PROJECT / "docs" / "decisions").glob("0*.md"))
FENCE = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FOLDERS = ("deployments", "docs", "expectations", "flows", "sql", "tasks", "tests", "yearbook")
NAMED = re.compile(rf"(?<![\w/.\-\u4e00-\u9fff])((?:{'|'.join(FOLDERS)})/[\w./\-]*)(?=[^\w./\-<{{*]|$)")
WORD = re.compile(r"[a-z][a-z-]*")
PICTURE_BYTES = 300_000
# Recipes make these; they exist in the reader's copy only.
MADE_BY_RECIPES = {
    "sql/vehicles/new_energy_vehicles.sql",
    "tests/sql/vehicles/new_energy_vehicles.toml",
    "sql/training/columns.csv",
    "expectations/training.toml",
    "tests/ties/B-4.toml",
    "tests/tasks/quality/cases/VEH-27.toml",
    "deployments/agencies/yunlu-east.toml",
}


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def by_name(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def option_names(command: click.Command) -> list[str]:
    return [name for param in command.params if isinstance(param, click.Option) for name in param.opts]


def commands_in(page: str) -> list[list[str]]:
    """Every `yearbook …` in code, word by word, up to what ends a command."""
    blocks = [body for kind, body in FENCE.findall(page) if kind == "sh"]
    spans = re.findall(r"`([^`\n]+)`", FENCE.sub("", page))
    found = []
    for code in [*"\n".join(blocks).splitlines(), *spans]:
        for call in re.split(r"[;|]|&&", code.partition("#")[0]):
            words = shlex.split(re.sub(r"[<>].*", "", call)) if "yearbook" in call else []
            words = [word for word in words if not re.match(r"[A-Z_]+=", word)]
            if words and words[0] == "yearbook" and len(words) > 1:
                found.append(words[1:])
    return found


def anchors(page: str) -> set[str]:
    """Anchors of headings as the usual hosts make them."""
    heads = re.findall(r"^#{1,6} (.+)$", FENCE.sub("", page), re.MULTILINE)
    return {re.sub(r"[^\w\- \u4e00-\u9fff]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("path", READMES, ids=by_name)
def test_every_command_and_option_is_in_the_readme(path: Path) -> None:
    page = text(path)
    for name, command in main.commands.items():
        assert f"`yearbook {name}" in page, name
        for option in option_names(command):
            assert f"`{option}`" in page, f"{name} {option}"
    for option in option_names(main):
        assert f"yearbook {option}`" in page, option


@pytest.mark.parametrize("path", READMES, ids=by_name)
def test_every_setting_is_in_the_readme_and_no_other(path: Path) -> None:
    settings = {f"YEARBOOK_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"YEARBOOK_[A-Z_]+", text(path))) == settings


@pytest.mark.parametrize("path", READMES, ids=by_name)
def test_the_readme_names_every_file_of_a_report_and_every_exit_code(path: Path) -> None:
    page = text(path)
    assert all(f"`{name}" in page for name in TOP_LEVEL)
    assert all(f"\n| {code} |" in page for code in (DONE, 1, 2))


@pytest.mark.parametrize("path", PAGES, ids=by_name)
def test_no_page_names_a_setting_that_does_not_exist(path: Path) -> None:
    settings = {f"YEARBOOK_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"YEARBOOK_[A-Z_]+", text(path))) <= settings


@pytest.mark.parametrize("path", PAGES, ids=by_name)
def test_no_page_names_a_command_or_option_that_does_not_exist(path: Path) -> None:
    for words in commands_in(text(path)):
        command = main.commands.get(words[0])
        if words[0].startswith("-"):
            assert words[0] in (*option_names(main), "--help"), words
            continue
        assert command is not None, words
        options = [word for word in words[1:] if word.startswith("-")]
        assert set(options) <= {*option_names(command), "--help"}, words


@pytest.mark.parametrize("path", PAGES, ids=by_name)
def test_no_page_names_a_make_target_that_does_not_exist(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", text(PROJECT / "Makefile"), re.MULTILINE))
    page = text(path)
    code = [body for _, body in FENCE.findall(page)] + re.findall(r"`([^`\n]+)`", FENCE.sub("", page))
    named = re.findall(r"^make ([a-z]+)", "\n".join(code), re.MULTILINE)
    assert set(named) <= targets


@pytest.mark.parametrize("path", PAGES, ids=by_name)
def test_links_lead_somewhere(path: Path) -> None:
    for link in LINK.findall(FENCE.sub("", text(path))):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(text(target)), link


@pytest.mark.parametrize("path", PAGES, ids=by_name)
def test_files_named_exist(path: Path) -> None:
    spans = re.findall(r"`([^`\n]+)`", FENCE.sub("", text(path)))
    named = {name for span in spans for name in NAMED.findall(span)} - MADE_BY_RECIPES
    missing = [name for name in sorted(named) if not (PROJECT / name).exists()]
    assert not missing


def test_every_folder_is_in_the_readme() -> None:
    for folder in FOLDERS:
        assert all(f"`{folder}/" in text(path) for path in READMES), folder


def test_every_rule_tie_and_indicator_is_in_the_dictionary(library: Library) -> None:
    page = text(PROJECT / "docs" / "dictionary.md")
    for code in [*(rule.code for rule in library.rules), *(tie.code for tie in library.ties), *library.indicators]:
        assert re.search(rf"(?<![\w-]){re.escape(code)}(?![\w-])", page), code


@pytest.mark.parametrize("path", PAGES, ids=by_name)
def test_no_page_cites_a_rule_that_does_not_exist(path: Path, library: Library) -> None:
    known = {rule.code for rule in library.rules} | {"VEH-27", "VEH-28", "UTF-16"}  # the recipes' own; an encoding
    assert set(re.findall(r"(?<![\w-])[A-Z]{3}-\d{2}(?!\d)", text(path))) <= known


def test_the_glossary_has_every_indicator_under_its_statutory_name(library: Library) -> None:
    page = text(PROJECT / "docs" / "glossary.md")
    for indicator in library.indicators.values():
        assert f"| `{indicator.code}` | {indicator.name} |" in page, indicator.code


def test_the_glossary_has_every_member(library: Library) -> None:
    page = text(PROJECT / "docs" / "glossary.md")
    groups = re.findall(r"`([a-z]+_)…`", page)
    sections = {code for labels in [library.indicators["published_items"].members["kind"]] for code in labels}
    for indicator in library.indicators.values():
        for code in (code for labels in indicator.members.values() for code in labels):
            known = code in sections or code in {"total", "other"} or code.startswith(tuple(groups))
            assert known or f"`{code}`" in page, code


def test_decisions_are_numbered_listed_and_short() -> None:
    listed = text(PROJECT / "docs" / "decisions" / "README.md")
    assert [path.name[:4] for path in DECISIONS] == [f"{n:04}" for n in range(1, len(DECISIONS) + 1)]
    for path in DECISIONS:
        page = text(path)
        assert f"]({path.name})" in listed
        assert len(page.splitlines()) <= 60
        assert all(part in page for part in ("**Question.**", "**Choice.**", "**What would change our mind.**"))


def test_pictures_are_small_and_used() -> None:
    readme = text(READMES[0])
    for picture in sorted((PROJECT / "docs" / "pictures").iterdir()):
        assert picture.stat().st_size < PICTURE_BYTES
        assert by_name(picture) in readme


def test_the_two_readmes_tell_the_same() -> None:
    """Same commands, links, settings and number of headings; the words differ, the facts do not."""
    one, other = (text(path) for path in READMES)
    facts = [
        (
            [words[0] for words in commands_in(page) if WORD.fullmatch(words[0])],
            sorted(set(LINK.findall(page)) - {"README.md", "README.zh-CN.md"}),
            re.findall(r"YEARBOOK_[A-Z_]+", page),
            len(re.findall(r"^## ", page, re.MULTILINE)),
            len(re.findall(r"^- ", page, re.MULTILINE)),
        )
        for page in (one, other)
    ]
    assert facts[0] == facts[1]


def test_the_changelog_knows_the_version() -> None:
    project = text(PROJECT / "pyproject.toml")
    version = re.search(r'^version = "(.+)"$', project, re.MULTILINE)
    assert version is not None
    assert f"## {version[1]}" in text(PROJECT / "CHANGELOG.md")
