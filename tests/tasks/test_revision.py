"""A run against the edition before it: what is kept, what is read back, and which inputs are told to differ."""

import dataclasses
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest

from tasks.agency import load_agency
from tasks.extract import Material
from tasks.last_year import LastYear
from tasks.library import Library
from tasks.record import record
from tasks.revision import read_account, revise
from tasks.run import Run
from tasks.settings import Settings
from tasks.sources.probe import Probe
from tasks.sources.snapshot import Snapshot
from tasks.store import Publication, Store
from tests.approving import approved
from tests.yearbook.factory import figure
from yearbook.figure import Figures
from yearbook.period import ReportYear
from yearbook.quantity import Unit
from yearbook.report.words import ReportWords
from yearbook.revision import Counted, InputDifference

INSTANT = datetime(2024, 1, 15, 9, 30, tzinfo=UTC)
ASKED = datetime(2024, 1, 15, 17, 31, 19, tzinfo=UTC)
YEAR = ReportYear(2023)
SQL = "select 4711 as value"
CAR = "report/vehicles/vehicle_transaction/2023"


def snapshots(library: Library, store: Store, rows: int) -> tuple[Snapshot, ...]:
    """A database's extract and a file's."""
    by_code = {extract.code: extract for source in library.sources.values() for extract in source.extracts}
    data = f"{rows} rows".encode()
    digest = store.blobs.put_bytes(data, private=True)
    common = {"year": YEAR, "digest": digest, "path": store.blobs.path(digest)}
    file = store.blobs.put_bytes(b"a workbook", private=True)
    return (
        Snapshot(
            extract=by_code["vehicle_transaction"],
            row_count=rows,
            reader="SQLAlchemy",
            notes=("账号可以写入",),
            probe=Probe("vehicle_transaction", rows, "2023-12-31 16:17:18", ASKED),
            **common,
        ),
        Snapshot(extract=by_code["fee_line"], row_count=29, received=(("fees_2023.xlsx", 37, file),), **common),
    )


@pytest.fixture
def run(tmp_path: Path, project: Path, library: Library) -> Run:
    agency, text = load_agency(project, "yunlu")
    return Run(
        settings=Settings(home=tmp_path),
        agency=agency,
        agency_text=text,
        wording_text="行文",
        library=dataclasses.replace(library, texts={**library.texts, "sql/test/fees.sql": SQL}),
        year=YEAR,
        store=Store.open(tmp_path / "store"),
        target=tmp_path / "out",
        started_at=INSTANT,
        day=date(2024, 1, 20),
        late=False,
        last_year=LastYear(),
    )


@pytest.fixture
def material(run: Run) -> Material:
    return Material(snapshots(run.library, run.store, 4711), ())


def counted(run: Run, material: Material, **values: int | Decimal) -> Figures:
    text = run.store.blobs.put_bytes(SQL.encode())
    return Figures(
        dataclasses.replace(
            figure(code, value, base=Decimal("512300.50"), name=f"名·{code}", unit=Unit.YUAN),
            sql_digest=text,
            snapshots=(material.report[0].digest,),
        )
        for code, value in values.items()
    )


def publish(run: Run, material: Material, figures: Figures, *, page: bytes = b"1") -> None:
    names = {"figures": [{"code": item.code, "name": item.name} for item in figures.values()]}
    outputs = {"figures.json": json.dumps(names).encode(), "report.html": page}
    entry = record(run, material, figures=figures, verdicts=(), outputs=outputs, published=True)
    approved(run.store, entry)


def edition(run: Run) -> Publication:
    found = run.store.newest_edition("yunlu", 2023)
    assert found is not None
    return found


def test_nothing_to_compare_with(run: Run, material: Material) -> None:
    figures = counted(run, material, fees=Decimal("678900.10"))
    assert revise(run, material, figures, ReportWords()) is None
    publish(run, material, figures)
    assert revise(run, material, figures, ReportWords()) is None, "a run that is repeated is the first edition still"


def test_a_text_alone_is_told_by_name(run: Run, material: Material) -> None:
    figures = counted(run, material, fees=Decimal("678900.10"))
    publish(run, material, figures)
    revision = revise(dataclasses.replace(run, wording_text="改过的行文"), material, figures, ReportWords())
    assert revision is not None
    assert (revision.edition, revision.figures) == (1, ())
    digests = [sha256(text.encode()).hexdigest() for text in ("行文", "改过的行文")]
    assert revision.inputs == (InputDifference("wording", run.wording_name, *digests),)
    assert revision.causes == "与该版不同的有：行文"


def test_rows_and_figures_are_told(run: Run, material: Material) -> None:
    publish(run, material, counted(run, material, fees=Decimal("678900.10"), old=31))
    later = Material(snapshots(run.library, run.store, 4713), ())
    revision = revise(run, later, counted(run, later, fees=Decimal("678900.35"), new=37), ReportWords())
    assert revision is not None
    assert [(f.code, f.name, f.difference) for f in revision.figures] == [
        ("fees", "名·fees", Decimal("0.25")),
        ("new", "名·new", None),
        ("old", "名·old", None),
    ]
    assert [(row.extract, row.then, row.now) for row in revision.rows] == [
        ("vehicle_transaction", 4711, 4713),
        ("fee_line", 29, 29),
    ]


@pytest.mark.parametrize(
    ("changes", "kind"),
    [({"reader": "DuckDB"}, "reader"), ({"notes": ()}, "notes"), ({"normalised": ("去掉首尾空格",)}, "normalised")],
)
def test_whatever_the_pages_tell_is_part_of_the_key(
    run: Run, material: Material, changes: dict[str, object], kind: str
) -> None:
    """Otherwise the bytes of a page could change under one key, and an edition without a page of differences."""
    figures = counted(run, material, fees=7)
    publish(run, material, figures)
    first, *others = material.report
    other = Material((dataclasses.replace(first, **changes), *others), ())  # type: ignore[arg-type]
    revision = revise(run, other, figures, ReportWords())
    assert revision is not None
    assert revision.inputs is not None
    assert [(item.kind, item.name) for item in revision.inputs] == [(kind, CAR)]


def test_a_file_received_anew_is_told_where_its_rows_are_the_same(run: Run, material: Material) -> None:
    figures = counted(run, material, fees=7)
    publish(run, material, figures)
    data = run.store.blobs.put_bytes(b"the same workbook, saved again", private=True)
    first, fees = material.report
    other = Material((first, dataclasses.replace(fees, received=(("fees_2023.xlsx", 41, data),))), ())
    revision = revise(run, other, figures, ReportWords())
    assert revision is not None
    assert revision.inputs is not None
    assert [(item.kind, item.name) for item in revision.inputs] == [("received", "report/fees/fees_2023.xlsx")]


def test_the_clock_of_a_database_is_kept_apart(run: Run, material: Material) -> None:
    publish(run, material, counted(run, material, fees=7))
    kept = run.store.blobs_of(edition(run).run_id, "probe")
    assert json.loads(run.store.blobs.read(kept["probe.json"])) == {
        CAR: {"row_count": "4711", "newest": "2023-12-31 16:17:18", "server_time": "2024-01-15T17:31:19+00:00"}
    }
    [document] = run.store.blobs_of(edition(run).run_id, "material").values()
    assert document == edition(run).key
    assert b"17:31:19" not in run.store.blobs.read(document)
    first, *others = material.report
    asked_later = Probe("vehicle_transaction", 4711, "2023-12-31 16:17:18", ASKED + timedelta(days=41))
    again = Material((dataclasses.replace(first, probe=asked_later), *others), ())
    assert run.key(again) == run.key(material)


def test_an_edition_is_read_back_exactly(run: Run, material: Material) -> None:
    publish(run, material, counted(run, material, fees=Decimal("678900.10"), drivers=813_004))
    account = read_account(run.store, edition(run))
    assert account.key == run.key(material)
    assert account.inputs == run.inputs(material)
    assert account.figures == {
        "fees": Counted("名·fees", Decimal("678900.10"), "元", Decimal("512300.50")),
        "drivers": Counted("名·drivers", 813_004, "元", Decimal("512300.50")),
    }
    assert isinstance(account.figures["drivers"].value, int)


def test_an_edition_of_an_earlier_program_has_figures_and_no_inputs(run: Run, material: Material) -> None:
    figures = counted(run, material, fees=13)
    entry = record(run, material, figures=figures, verdicts=(), outputs={"report.html": b"1"}, published=True)
    earlier = tuple(blob for blob in entry.blobs if blob.role not in ("material", "probe"))
    approved(run.store, dataclasses.replace(entry, key="5e" * 32, blobs=earlier))
    revision = revise(run, material, counted(run, material, fees=17), ReportWords())
    assert revision is not None
    assert (revision.inputs, revision.rows) == (None, ())
    assert [f.difference for f in revision.figures] == [4]
    assert read_account(run.store, edition(run)).figures["fees"].name == "fees"
