"""The pages judged by an independent accessibility checker, and used with the keyboard alone, on paper, without style.

The checker is a script, so the page's policy is lifted for it; every other test leaves the policy as it is.
"""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.yearbook.audit.samples import sample_revision, sample_run
from tests.yearbook.report.charted import install, with_charts
from tests.yearbook.report.samples import sample_report
from yearbook.audit.page import write_run_page
from yearbook.report.html import write_html

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": RULES}}
WIDTHS = (360, 1280)
SCHEMES = ("light", "dark")
FIGURE = "vehicle_business.total"
NOTE = f"#fig-{FIGURE}"
AUDIT = ("index", "rules", "figures", "coverage", "revision")
# Smallest target of a finger or an unsteady hand, in CSS pixels.
TARGET = 24

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed; the pages are checked without it only"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report with charts and an annex, and the auditor's pages with a revision."""
    made = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as patch:
        install(patch)
        (made / "report.html").write_bytes(write_html(with_charts(sample_report())))
    (made / "audit").mkdir()
    for name, data in write_run_page(sample_report(), replace(sample_run(), standing=sample_revision())).items():
        (made / name).write_bytes(data)
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def report(browser: Browser, folder: Path) -> Iterator[Page]:
    """The report's page, scripts forbidden as the page itself forbids them."""
    with browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto((folder / "report.html").as_uri())
        yield page


def focus(page: Page) -> str:
    """Identity of what has the focus, else its tag."""
    return str(page.evaluate("document.activeElement.id || document.activeElement.tagName"))


@pytest.mark.parametrize("name", ["report.html", f"report.html{NOTE}", *(f"audit/{name}.html" for name in AUDIT)])
def test_the_checker_finds_no_violation(browser: Browser, folder: Path, name: str) -> None:
    path, _, fragment = name.partition("#")
    found = []
    for scheme in SCHEMES:
        with browser.new_context(color_scheme=scheme, bypass_csp=True, reduced_motion="reduce") as context:
            page = context.new_page()
            page.goto((folder / path).as_uri() + (f"#{fragment}" if fragment else ""))
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                for violation in Axe().run(page, options=OPTIONS).response["violations"]:
                    places = [node["html"][:120] for node in violation["nodes"][:3]]
                    found.append((scheme, width, violation["id"], places))
    assert found == []


def test_the_checker_finds_what_is_wrong(browser: Browser, folder: Path) -> None:
    """A page broken on purpose, so that the test above cannot pass by checking nothing."""
    (folder / "broken.html").write_text(
        '<!doctype html><title>x</title><p style="color:#eee">看不清的字</p>', encoding="utf-8"
    )
    with browser.new_context(bypass_csp=True) as context:
        page = context.new_page()
        page.goto((folder / "broken.html").as_uri())
        found = {violation["id"] for violation in Axe().run(page, options=OPTIONS).response["violations"]}
    assert {"html-has-lang", "color-contrast"} <= found


@pytest.mark.parametrize("name", ["report", *(f"audit/{name}" for name in AUDIT)])
def test_a_page_requests_nothing_and_breaks_no_policy_of_its_own(browser: Browser, folder: Path, name: str) -> None:
    address = (folder / f"{name}.html").as_uri()
    with browser.new_context() as context:
        page = context.new_page()
        requests: list[str] = []
        said: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.goto(address, wait_until="networkidle")
    assert requests == [address]
    assert said == []


@pytest.mark.parametrize("width", WIDTHS)
def test_only_the_tables_and_pictures_scroll_sideways(report: Page, width: int) -> None:
    report.set_viewport_size({"width": width, "height": 800})
    assert report.evaluate("document.documentElement.scrollWidth") <= width
    inner = "[...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth).length"
    # table four is wider than a telephone, and so is a picture
    assert (report.evaluate(inner) > 0) is (width == WIDTHS[0])


def test_every_number_is_reached_by_the_tab_key_in_reading_order(report: Page) -> None:
    report.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
    wanted = report.evaluate("[...document.querySelectorAll('main data a')].map(e => e.id)")
    assert len(wanted) > 200
    reached = []
    for _ in range(2 * len(wanted)):
        report.keyboard.press("Tab")
        reached.append(focus(report))
        if reached[-1] == wanted[-1]:
            break
    assert [identity for identity in reached if identity in set(wanted)] == wanted


def test_a_note_opens_and_leads_back_by_the_keyboard_alone(report: Page) -> None:
    place = f"ref-{FIGURE}-2"
    report.locator(f"[id='{place}']").focus()
    assert not report.locator(f"[id='{NOTE[1:]}']").is_visible()
    report.keyboard.press("Enter")
    note = report.locator(f"[id='{NOTE[1:]}']")
    assert note.is_visible()
    for words in ("150,806件", "154,309件", "第五十条", "不通过", "K-02", "通过1条"):
        assert words in note.inner_text()
    report.keyboard.press("Tab")
    report.keyboard.press("Tab")
    assert report.evaluate("document.activeElement.getAttribute('aria-label')") == "返回一、总体情况第2处"
    report.keyboard.press("Enter")
    assert focus(report) == place
    assert not note.is_visible()
    report.keyboard.press("Enter")
    assert note.is_visible()
    report.go_back()
    assert report.url.endswith(f"#{place}")
    assert not note.is_visible()


def test_the_focus_is_always_seen(report: Page) -> None:
    seen = set()
    for _ in range(40):
        report.keyboard.press("Tab")
        seen.add(report.evaluate("getComputedStyle(document.activeElement).outlineStyle"))
    assert seen == {"solid"}


@pytest.mark.parametrize("width", WIDTHS)
def test_a_number_in_a_table_is_large_enough_to_be_hit(report: Page, width: int) -> None:
    report.set_viewport_size({"width": width, "height": 800})
    heights = report.evaluate(
        "[...document.querySelectorAll('.form data a')].map(e => e.getBoundingClientRect().height)"
    )
    assert heights
    assert min(heights) >= TARGET


def test_without_style_nothing_is_lost(report: Page) -> None:
    report.evaluate("document.querySelector('style').remove()")
    assert report.locator(f"[id='{NOTE[1:]}']").is_visible()
    assert report.locator("[id='t3-caption']").is_visible()


def test_on_paper_the_numbers_of_a_chart_stand_and_the_notes_do_not(report: Page, tmp_path: Path) -> None:
    assert not report.locator("details table").first.is_visible()
    report.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    document = pypdfium2.PdfDocument(tmp_path / "page.pdf")
    text = "".join(page.get_textpage().get_text_range() for page in document)
    assert "2020年" in text
    assert "数字说明" not in text
    assert "核对规则" not in text
