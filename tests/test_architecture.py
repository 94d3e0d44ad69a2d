"""The house rules that no linter knows: sizes, names, texts, what must stand beside what."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
PACKAGES = ("flows", "tasks", "yearbook")
MODULES = sorted(path for package in PACKAGES for path in (PROJECT / package).rglob("*.py"))
SQL = sorted((PROJECT / "sql").rglob("*.sql"))
MAX_MODULE, MAX_FUNCTION = 300, 40
PUT_NAMES_INTO_SQL = {
    "tasks/store/migrations/versions/0004_operations.py",
    "tasks/engines/embedded.py",  # views and settings take no parameters
    # names of views and columns, quoted; what a rule says is one expression of one SELECT
    "tasks/quality/failing.py",
    "tasks/quality/predicates.py",
    "tasks/quality/scan.py",
    "tasks/quality/whole.py",
    "tasks/store/database.py",  # name of the version table
    "tasks/store/migrations/versions/0001_first_tables.py",  # triggers per table
}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True)
    return [PROJECT / name for name in listed.stdout.splitlines() if (PROJECT / name).is_file()]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_sizes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MAX_MODULE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < MAX_FUNCTION, f"{path.name}:{node.lineno} {node.name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_no_sql_put_together_from_data(path: Path) -> None:
    """SQL text is a file or a literal. The places named put in identifiers of ours or a quoted path, never a value."""
    if path.relative_to(PROJECT).as_posix() in PUT_NAMES_INTO_SQL:
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            words = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
            assert not re.match(r"\s*(select|insert|update|delete|create|drop|copy)\b", words, re.IGNORECASE)


@pytest.mark.parametrize("path", SQL, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_sql_headers(path: Path) -> None:
    """Three comment lines: what is counted, parameters (and unit), what is left out or personal."""
    lines = path.read_text(encoding="utf-8").splitlines()
    assert all(line.startswith("-- ") for line in lines[:3])
    assert lines[1].startswith("-- 参数：")
    assert re.match(r"-- (不计|不取|个人信息)：", lines[2])
    if "extract" not in path.parts:
        assert "单位：" in lines[1]


@pytest.mark.parametrize("path", SQL, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_sql_is_portable(path: Path) -> None:
    """The subset that every engine understands after translation."""
    code = "\n".join(line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("--"))
    assert not re.search(r"\b(filter|qualify|date_trunc|ilike|pivot)\b|::", code, re.IGNORECASE)


def test_nothing_names_a_machine_or_a_registry() -> None:
    words = re.compile(r"(/work/|/root/|/home/[a-z]|pypi\.org|pythonhosted|registry\.npmjs)")
    allowed = {"tests/test_architecture.py"}
    for path in tracked():
        name = path.relative_to(PROJECT).as_posix()
        if name in allowed or path.suffix in {".png", ".docx", ".pdf"}:
            continue
        found = words.search(path.read_text(encoding="utf-8", errors="replace"))
        assert not found, f"{name}: {found.group() if found else ''}"


def test_every_locked_package_has_hashes_and_no_address() -> None:
    lock = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    packages = re.findall(r"^[A-Za-z0-9_.\-]+(?:\[[a-z,]+\])?==", lock, re.MULTILINE)
    assert len(packages) > 100
    assert lock.count("--hash=sha256:") >= len(packages)
    assert "://" not in lock


def test_pins_that_keep_the_schedule_alive() -> None:
    """The two dependency traps: a server that cannot start, and schedules that never fire."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {"prefect==3.8.8", "sqlalchemy>=2.0.58,<2.1", "fastapi>=0.139,<0.151", "duckdb==1.5.5"}
    assert wanted <= set(project["dependencies"])


def test_help_needs_no_heavy_library() -> None:
    """`yearbook --help` answers at once because nothing heavy is imported for it."""
    code = "import flows.cli, sys; print([m for m in ('prefect','pandas','duckdb','sqlalchemy') if m in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_every_command_has_an_example() -> None:
    from flows.cli import main

    for name, command in main.commands.items():
        assert "例\n" in (command.help or ""), name
        assert f"yearbook {name}" in (command.help or ""), name
