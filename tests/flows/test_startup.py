"""What small commands load: a person waits for every import, so the heavy libraries stay where they are used."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.conftest import PROJECT, surroundings

HEAVY = {"prefect", "pandas", "great_expectations", "pyarrow", "duckdb", "numpy", "xlsxwriter", "docx", "typst"}
# sys.exit inside the command is caught, so that the modules are told however the command ends
TELL = """
import sys
from flows.cli import main
try:
    main(sys.argv[1:])
except SystemExit as ended:
    print("CODE", ended.code)
print("LOADED", *sorted({name.partition(".")[0] for name in sys.modules}))
"""
COMMANDS = {
    "help": (["--help"], 0),
    "findings": (["findings", "demo", "2023"], 2),
    "decide": (["decide", "demo", "2023", "X", "--as", "fixed", "--reason", "已改", "--name", "张三"], 2),
    "review": (["review", "demo", "2023"], 2),
    "approve": (["approve", "demo", "2023", "0" * 12, "--name", "李四"], 2),
    "reject": (["reject", "demo", "2023", "0" * 12, "--name", "李四", "--reason", "有误"], 2),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_small_command_loads_nothing_heavy(name: str, tmp_path: Path) -> None:
    arguments, code = COMMANDS[name]
    ended = subprocess.run(
        [sys.executable, "-c", TELL, *arguments],
        cwd=PROJECT,
        env=surroundings() | {"YEARBOOK_HOME": str(tmp_path), "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    told = dict(line.split(" ", 1) for line in ended.stdout.splitlines() if line.startswith(("CODE ", "LOADED ")))
    assert told["CODE"] == str(code), ended.stderr
    loaded = set(told["LOADED"].split())
    assert "click" in loaded, "what is loaded must have been told"
    assert loaded & HEAVY == set()
    assert ("sqlalchemy" in loaded) == (name != "help"), "every command but help has reached the store"
