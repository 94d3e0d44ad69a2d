"""Earlier years: which editions a trend is drawn from, and that they are named among the inputs of the run."""

import dataclasses
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tasks import steps
from tasks.agency import load_agency
from tasks.extract import Material
from tasks.history import Earlier, earlier_values
from tasks.last_year import LastYear
from tasks.library import Library
from tasks.run import Run, prepare
from tasks.settings import Settings
from tasks.store import BlobRef, FigureRecord, RunRecord, Store
from tests.approving import approved
from tests.yearbook.factory import figure
from yearbook.figure import Figures
from yearbook.period import ReportYear
from yearbook.report.model import Aspect, Chart, Drawing

INSTANT = datetime(2024, 1, 20, 8, tzinfo=UTC)


def publish(store: Store, year: int, figures: Mapping[str, str], *, body: str = "demo", published: bool = True) -> str:
    """One finished run with the figures; returns its key."""
    sql = store.blobs.put_bytes(b"select 1")
    output = store.blobs.put_bytes(f"{body} {year} {sorted(figures.items())}".encode())
    key = f"{len(figures)}{output}"[:64]
    found = store.newest_edition(body, year)
    approved(
        store,
        RunRecord(
            key=key,
            body=body,
            year=year,
            state="finished" if published else "blocked",
            started_at=INSTANT,
            finished_at=INSTANT + timedelta(seconds=9),
            code_version="0.1.0",
            operator="经办人",
            blobs=(BlobRef("sql", "a.sql", sql), BlobRef("output", "report.html", output)),
            figures=tuple(FigureRecord(code, value, "辆", sql, 1, ()) for code, value in figures.items()),
            target=f"out/{body}/{year}" if published else None,
            compared_with=found.edition if found else None,
        ),
    )
    return key


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


def test_newest_edition_of_four_years(store: Store) -> None:
    publish(store, 2018, {"cars": "18"})
    oldest = publish(store, 2019, {"cars": "19", "fees": "0.10"})
    publish(store, 2021, {"cars": "20"})
    amended = publish(store, 2021, {"cars": "21"})
    publish(store, 2022, {"cars": "22"}, body="other")
    publish(store, 2022, {"cars": "22"}, published=False)
    publish(store, 2023, {"cars": "23"})
    publish(store, 2024, {"cars": "24"})
    earlier = earlier_values(store, "demo", 2023)
    assert earlier.values == {2019: {"cars": 19, "fees": Decimal("0.10")}, 2021: {"cars": 21}}
    assert isinstance(earlier.values[2019]["cars"], int)
    assert earlier.words == f"2019: 1 {oldest}; 2021: 2 {amended}"


def test_no_earlier_year(store: Store) -> None:
    publish(store, 2023, {"cars": "23"})
    assert earlier_values(store, "demo", 2023) == Earlier()
    assert Earlier().words == ""


@pytest.fixture
def run(tmp_path: Path, project: Path, library: Library, store: Store) -> Run:
    agency, text = load_agency(project, "demo")
    wording = project / "deployments" / "wording" / "traffic_police.txt"
    return Run(
        settings=Settings(home=tmp_path),
        agency=agency,
        agency_text=text,
        wording_text=wording.read_text(encoding="utf-8"),
        library=library,
        year=ReportYear(2023),
        store=store,
        target=tmp_path / "out",
        started_at=INSTANT,
        day=date(2024, 1, 20),
        late=False,
        last_year=LastYear(),
    )


def test_editions_are_inputs_of_the_run(run: Run) -> None:
    material = Material((), ())
    publish(run.store, 2021, {"motor_vehicles.total": "331000"})
    first = dataclasses.replace(run, earlier=earlier_values(run.store, "demo", 2023))
    publish(run.store, 2021, {"motor_vehicles.total": "331001"})
    second = dataclasses.replace(run, earlier=earlier_values(run.store, "demo", 2023))
    named = [one.inputs(material)["calendar"]["earlier_years"] for one in (run, first, second)]
    assert named[0] == ""
    assert [words[:8] for words in named[1:]] == ["2021: 1 ", "2021: 2 "]
    assert len({one.key(material) for one in (run, first, second)}) == 3


def test_a_run_is_given_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, project: Path) -> None:
    # sources are not asked here, only the store
    monkeypatch.setattr("tasks.run.require_present", lambda *_, **__: None)
    monkeypatch.setattr("tasks.run.require_distinct", lambda *_, **__: None)
    publish(Store.open(tmp_path / "store"), 2021, {"motor_vehicles.total": "331000"})
    run = prepare(Settings(home=tmp_path, project=project), "demo", 2023, None)
    assert run.earlier.values == {2021: {"motor_vehicles.total": 331_000}}


def test_the_text_is_written_with_them(run: Run) -> None:
    indicators = run.library.indicators.values()
    every = ((i, combination) for i in indicators for combination in i.combinations())
    figures = Figures(
        figure(i.figure_code(c), 1001 + n, name=i.figure_name(c), unit=i.unit, wording=i.figure_wording(c), base=17)
        for n, (i, c) in enumerate(every)
    )
    publish(run.store, 2021, {"motor_vehicles.total": "331000"})
    run = dataclasses.replace(run, earlier=earlier_values(run.store, "demo", 2023))
    report = steps.compose.fn(run, figures, ())
    charts = [block for section in report.sections for block in section.blocks if isinstance(block, Chart)]
    [trend] = [chart for chart in charts if chart.drawing is Drawing.TREND]
    assert [(bar.label, bar.number.text, bar.number.aspect) for bar in trend.bars] == [
        ("2021年", "33万余辆", Aspect.EARLIER),
        ("2022年", "17辆", Aspect.BASE),
        ("2023年", f"{figures['motor_vehicles.total'].value}辆", Aspect.VALUE),
    ]
