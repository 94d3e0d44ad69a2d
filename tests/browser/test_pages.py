"""The pages in a real browser: nothing sticks out sideways, on a telephone or on a desk.

A page forbids scripts, so a copy without its policy is measured; it draws the same.
"""

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.yearbook.audit.samples import sample_revision, sample_run
from tests.yearbook.report.samples import sample_report
from yearbook.audit.editions import EarlierEdition, write_editions_page
from yearbook.audit.page import write_run_page
from yearbook.report.against import LastReport, against
from yearbook.report.html import write_html
from yearbook.report.words import ReportWords

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDTHS = (360, 1280)
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
PROBE = """<script>
addEventListener("load", () => {
  const page = document.documentElement;
  const wide = [...document.querySelectorAll("body *")].filter(
    (e) => !e.closest(".scroll, .skip, .unseen, pre") && e.getBoundingClientRect().right > innerWidth + 1);
  const note = document.querySelector(".full:target");
  const position = note ? getComputedStyle(note).position : "";
  page.dataset.probe = [innerWidth, page.scrollWidth, wide.length, position, scrollY].join("|");
});
</script></body>"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed; the pages are checked without it only"),
]


def probe(folder: Path, page: bytes, width: int, fragment: str = "") -> list[str]:
    """Width of the window, width of the content, elements that stick out, the open note's position, scroll position.

    The page stands in a frame of the wanted width: a window may not become as narrow as a telephone.
    """
    copy = POLICY.sub("", page.decode("utf-8")).replace("</body>", PROBE)
    (folder / "page.html").write_text(copy, encoding="utf-8")
    frame = f'<iframe src="page.html{fragment}" width="{width}" height="800" style="border:0"></iframe>'
    collect = """<script>addEventListener("load", () => {
      document.title = document.querySelector("iframe").contentDocument.documentElement.dataset.probe; });</script>"""
    (folder / "frame.html").write_text(f"<!doctype html><title></title>{frame}{collect}", encoding="utf-8")
    command = [
        str(CHROMIUM),
        *QUIET,
        "--allow-file-access-from-files",
        f"--user-data-dir={folder / 'profile'}",
        "--window-size=1400,900",
        "--dump-dom",
        (folder / "frame.html").as_uri(),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    found = re.search(r"<title>(.*?)</title>", done.stdout)
    assert found is not None
    return found.group(1).split("|")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["report", "index", "rules", "figures", "coverage", "revision", "last-year"])
def test_nothing_sticks_out_sideways(tmp_path: Path, name: str, width: int) -> None:
    report = sample_report()
    last_year = against(report, LastReport(3, {}, ReportWords()), None)
    run = replace(sample_run(), standing=sample_revision(), last_year=last_year)
    page = write_html(report) if name == "report" else write_run_page(report, run)[f"audit/{name}.html"]
    window, content, wide, *_ = probe(tmp_path, page, width)
    assert int(window) == width
    assert int(content) <= width
    assert wide == "0"


@pytest.mark.parametrize("width", WIDTHS)
def test_the_list_of_corrected_editions_does_not_stick_out(tmp_path: Path, width: int) -> None:
    edition = EarlierEdition(1, 2, "补录" * 100, {"report.pdf": "e" * 64})
    page = write_editions_page("云麓市交通管理局", 2023, [edition])["editions/index.html"]
    window, content, wide, *_ = probe(tmp_path, page, width)
    assert (int(window), int(content) <= width, wide) == (width, True, "0")


def test_a_note_opens_without_a_script_and_without_leaving_the_place(tmp_path: Path) -> None:
    *_, position, scrolled = probe(tmp_path, write_html(sample_report()), 360, "#fig-vehicle_business.total")
    assert position == "fixed"
    assert scrolled == "0"
