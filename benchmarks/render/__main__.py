# ruff: noqa: T201 - a command that prints
"""``python -m benchmarks.render BODY YEAR``: every document of a body's newest run, written again and again.

The first round pays for imports and fonts and is told apart; of the rest the medians, wall and processor seconds, and
each writer's share of the whole. Reading the finished files back stands beside them.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from tasks.agency import load_agency
from tasks.draft import last_figures
from tasks.furnishing import furnish
from tasks.library import load_library
from tasks.own import own_library
from tasks.settings import settings
from tasks.wording import body_of, facts_of, load_wording, wording_name
from yearbook.report.draft import draft
from yearbook.report.model import Report


def main() -> None:
    """Build the report of the newest run, write it in rounds, tell the times."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.render", description=__doc__)
    parser.add_argument("body")
    parser.add_argument("year", type=int)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    report = _report(options.body, options.year)
    writers = _writers(report, options.body)
    rounds = [_round(writers) for _ in range(options.rounds + 1)]
    first, warm = rounds[0], rounds[1:]
    whole = statistics.median(sum(wall for wall, _ in times.values()) for times in warm)
    print(f"{'what':<14}{'first s':>9}{'wall s':>9}{'share':>8}{'cpu s':>9}")
    for name in writers:
        wall, cpu = (statistics.median(times[name][side] for times in warm) for side in (0, 1))
        print(f"{name:<14}{first[name][0]:>9.3f}{wall:>9.3f}{wall / whole:>8.0%}{cpu:>9.3f}")
    print(f"{'all':<14}{sum(wall for wall, _ in first.values()):>9.3f}{whole:>9.3f}")


def _report(body: str, year: int) -> Report:
    agency, _ = load_agency(settings().project, body)
    library = own_library(load_library(settings().project), agency)
    figures = last_figures(settings(), body, year)
    if figures is None:
        sys.exit(f"no run of {body} {year} yet: yearbook run {body} {year}")
    return draft(
        load_wording(settings().project, agency),
        name=wording_name(agency),
        body=body_of(agency),
        facts=facts_of(agency, library, year),
        figures=figures,
        verdicts=(),
    )


def _writers(report: Report, body: str) -> dict[str, Callable[[], Any]]:
    from yearbook.report import charts, docx, html, pdf, tabular, workbook
    from yearbook.report.profile import LAYOUTS
    from yearbook.report.readback.docx import read_docx
    from yearbook.report.readback.html import read_html
    from yearbook.report.readback.match import Matcher
    from yearbook.report.readback.pdf import read_pdf

    agency, _ = load_agency(settings().project, body)
    furnishing = furnish(settings(), agency)
    finished = (
        docx.write_docx(report, furnishing.word),
        pdf.write_pdf(report, furnishing.font_folder),
        html.write_html(report),
    )

    def read_back() -> None:
        matcher = Matcher(report)
        read = (read_docx(finished[0]), read_pdf(finished[1], LAYOUTS[report.body.profile]), read_html(finished[2]))
        for reading in read:
            if found := matcher.findings(reading):
                sys.exit(f"a finished file is wrong: {found[0]}")

    def write_docx() -> None:
        # pictures are kept from one format to the next; each round draws them anew
        charts.draw.cache_clear()
        docx.write_docx(report, furnishing.word)

    return {
        "report.docx": write_docx,
        "report.pdf": lambda: pdf.write_pdf(report, furnishing.font_folder),
        "report.html": lambda: html.write_html(report),
        "summary.xlsx": lambda: workbook.write_workbook(report),
        "csv and json": lambda: (
            tabular.write_csv(report),
            tabular.write_json(report),
            tabular.write_tables_csv(report),
            tabular.write_schemas(),
        ),
        "reading back": read_back,
    }


def _round(writers: dict[str, Callable[[], Any]]) -> dict[str, tuple[float, float]]:
    times = {}
    for name, write in writers.items():
        wall, cpu = time.perf_counter(), time.process_time()
        write()
        times[name] = (time.perf_counter() - wall, time.process_time() - cpu)
    return times


if __name__ == "__main__":
    main()
