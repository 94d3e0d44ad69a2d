"""A run of the small body: what it leaves behind, and a second run."""

import json
import shutil
import sqlite3
import tomllib
import urllib.request
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import docx
import openpyxl
import pytest

from tests.flows.conftest import Command, new_home, tree
from tests.flows.privacy import IDENTITY, planted, require_private_modes, written
from yearbook.form.edition_2021 import TABLES

PROJECT = Path(__file__).parents[2]
GUARD = Path(__file__).parent / "guard"


@pytest.fixture(scope="module")
def good_home(tmp_path_factory: pytest.TempPathFactory, demo_sources: Callable[[str], Path], here: Command) -> Path:
    """A home in which the small body's report for 2023 has been made."""
    home = new_home(tmp_path_factory.mktemp("good"), demo_sources("yunlu"))
    ended = here("run", "yunlu", "2023", home=home)
    assert ended.code == 0, ended.err
    (home / "terminal.txt").write_text(ended.out + ended.err, encoding="utf-8")
    return home


@pytest.fixture
def reported(tmp_path: Path, good_home: Path) -> Path:
    """A copy of that home, to be spoilt at will."""
    shutil.copytree(good_home, tmp_path / "home")
    return tmp_path / "home"


def report_folder(home: Path) -> Path:
    return home / "out" / "yunlu" / "2023"


def planned_cells() -> dict[str, str]:
    """The 200 numbers of tables two, three and four as the plan of the body wants them."""
    plan = tomllib.loads((PROJECT / "deployments" / "demo" / "yunlu.toml").read_text(encoding="utf-8"))
    year = plan["years"]["2023"]
    cells = {f"documents.{k}.{a}": n for k, actions in year["documents"].items() for a, n in actions.items()}
    for code in ("licensing_decisions", "penalty_decisions", "compulsion_measures"):
        cells[code] = year[code]["total"]
    results = year["applications_results"]
    for applicant, carried_in in year["applications_carried_in"].items():
        done = sum(row[applicant] for row in results.values())
        carried_out = year["applications_carried_out"][applicant]
        cells[f"applications_carried_in.{applicant}"] = carried_in
        cells[f"applications_carried_out.{applicant}"] = carried_out
        cells[f"applications_results.total.{applicant}"] = done
        cells[f"applications_received.{applicant}"] = done + carried_out - carried_in
    cells |= {f"applications_results.{r}.{a}": n for r, row in results.items() for a, n in row.items()}
    for row in {code.rpartition(".")[0] for code in cells if code.startswith("applications")}:
        cells[f"{row}.total"] = sum(n for code, n in cells.items() if code.rpartition(".")[0] == row)
    for route, outcomes in year["cases"].items():
        cells |= {f"cases.{route}.{outcome}": n for outcome, n in outcomes.items()}
        cells[f"cases.{route}.total"] = sum(outcomes.values())
    return {code: str(n) for code, n in cells.items()} | {"administrative_fees": "67.89"}


def test_two_hundred_distinct_numbers_stand_in_their_cells(good_home: Path) -> None:
    """From rows in databases and workbooks to the cells of the Word file and of the workbook."""
    wanted = planned_cells()
    assert len(wanted) == 200 == len(set(wanted.values()))
    document = docx.Document(str(report_folder(good_home) / "report.docx"))
    for table, drawn in zip(TABLES.values(), document.tables, strict=True):
        for cell in table.number_cells():
            assert cell.figure is not None
            assert drawn.cell(cell.row, cell.column).text == wanted[cell.figure], cell.address


def test_the_summary_workbook_holds_the_same_numbers(good_home: Path) -> None:
    wanted = planned_cells()
    book = openpyxl.load_workbook(report_folder(good_home) / "summary.xlsx", data_only=True)
    for sheet, number in (("表二", 2), ("表三", 3), ("表四", 4)):
        shown = {str(value) for row in book[sheet].iter_rows(values_only=True) for value in row if value is not None}
        missing = {wanted[cell.figure] for cell in TABLES[number].number_cells() if cell.figure} - shown
        assert not missing


def test_the_store_names_every_file_and_figure(good_home: Path) -> None:
    with sqlite3.connect(good_home / "store" / "audit.db") as store:
        [(run, state, operator)] = store.execute("select id, state, operator from run").fetchall()
        outputs = dict(store.execute("select name, digest from run_blob where role = 'output' and run_id = ?", [run]))
        roles = {role for (role,) in store.execute("select distinct role from run_blob")}
        counts = [store.execute(f"select count(*) from {table}").fetchone()[0] for table in ("figure", "publication")]
        steps = [name for (name,) in store.execute("select name from run_step order by position")]
        key = store.execute("select key from run").fetchone()[0]
        material = store.execute("select name, digest from run_blob where role = 'material'").fetchall()
    assert (state, operator) == ("finished", "测试")
    assert {name: sha256(data).hexdigest() for name, data in tree(report_folder(good_home)).items()} == outputs
    assert roles == {"input", "snapshot", "material", "probe", "sql", "rule", "template", "output", "words"}
    assert material == [("inputs.json", key)], "the key of a run is the digest of its inputs"
    assert counts == [238, 1]
    assert steps[0] == "提取 vehicles"
    assert steps[-3:] == ["制作文件", "成品读回", "制作附件"]


def test_the_clocks_of_the_databases_stay_in_the_store(good_home: Path) -> None:
    with sqlite3.connect(good_home / "store" / "audit.db") as store:
        [(digest,)] = store.execute("select digest from run_blob where role = 'probe'").fetchall()
    told = json.loads((good_home / "store" / "blobs" / "sha256" / digest[:2] / digest).read_bytes())
    clocks = {probe["server_time"][:19].replace("T", between) for probe in told.values() for between in "T "}
    assert "report/vehicles/vehicle_transaction/2023" in told
    for name, data in tree(report_folder(good_home)).items():
        assert not [clock for clock in clocks if clock.encode() in data], name


def test_nothing_personal_leaves_the_snapshots(good_home: Path) -> None:
    """Everything the run wrote is searched, the terminal included; snapshots and handed-over files are private."""
    secrets = planted(good_home / "demo" / "yunlu")
    files = list(written(good_home))
    assert len(files) > 60
    assert "terminal.txt" in dict(files)
    for name, data in files:
        assert not [secret for secret in secrets if secret in data], name
        assert not IDENTITY.search(data), name
    require_private_modes(good_home)


def test_the_server_has_seen_the_run(good_home: Path, server: str) -> None:
    del good_home
    request = urllib.request.Request(
        f"{server}/flow_runs/filter", data=b"{}", headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        runs = json.load(answer)
    mine = [run for run in runs if run["name"] == "yunlu-2023"]
    assert "COMPLETED" in {run["state_type"] for run in mine}
    assert all(set(run["parameters"]) == {"body", "year", "out", "because", "purpose"} for run in mine)


def test_the_same_bytes_without_a_server_elsewhere(reported: Path, yearbook: Command) -> None:
    """Two runs, two folders, two processes, two time zones, two hash seeds, with and without a server.

    No process of the second run, the embedded server included, looks up any host.
    """
    other, lookups = reported / "elsewhere", reported / "lookups.txt"
    guard = {"PYTHONPATH": str(GUARD), "YEARBOOK_TEST_LOOKUPS": str(lookups)}
    around = {"TZ": "America/New_York", "PYTHONHASHSEED": "7", **guard}
    ended = yearbook("run", "yunlu", "2023", "--out", str(other), home=reported, **around)
    assert ended.code == 0, ended.err
    assert "第 1 版" in ended.out, "the same bytes are the same edition"
    first, second = tree(report_folder(reported)), tree(other / "yunlu" / "2023")
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    assert {"report.docx", "report.pdf", "report.html", "summary.xlsx", "figures.csv", "figures.json"} < first.keys()
    assert "audit/index.html" in first
    noted = lookups.read_text(encoding="utf-8").splitlines()
    assert len(noted) >= 2, "the run and the embedded server must both be guarded"
    assert set(noted) == {"guarded"}
