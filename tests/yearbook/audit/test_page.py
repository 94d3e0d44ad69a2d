"""The run pages, parsed back."""

import hashlib
import os
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from lxml import html

from tests.yearbook.audit.samples import HOSTILE, SQL_TEXT, sample_run
from tests.yearbook.report.samples import PRINTED, sample_report
from yearbook.audit.page import write_run_page
from yearbook.verdict import Severity, Status

ROOT = Path(__file__).parents[3]
DIGEST = """
import hashlib
from tests.yearbook.audit.samples import sample_run
from tests.yearbook.report.samples import sample_report
from yearbook.audit.page import write_run_page
from yearbook.report.html import write_html
from yearbook.report.tabular import write_csv, write_json
from yearbook.report.workbook import write_workbook
report = sample_report()
writers = (write_html, write_csv, write_json, write_workbook)
parts = [*write_run_page(report, sample_run()).values(), *(write(report) for write in writers)]
print(hashlib.sha256(b"".join(parts)).hexdigest())
"""


@cache
def pages() -> dict[str, html.HtmlElement]:
    written = write_run_page(sample_report(), sample_run())
    return {name: html.document_fromstring(data.decode("utf-8")) for name, data in written.items()}


def page(name: str) -> html.HtmlElement:
    return pages()[f"audit/{name}.html"]


def test_pages_and_their_size() -> None:
    written = write_run_page(sample_report(), sample_run())
    assert list(written) == ["audit/index.html", "audit/rules.html", "audit/figures.html"]
    assert all(len(data) < 1_000_000 for data in written.values())


def test_every_figure_is_anchored_with_what_an_auditor_asks() -> None:
    for code, figure in sample_report().figures.items():
        row = page("figures").get_element_by_id(code)
        assert row.xpath(".//data/@value")[0] == format(figure.value, "f" if "." in str(figure.value) else "d")
        section = next(row.iterancestors("section")).text_content()
        for words in (figure.basis, figure.definition, figure.sql_digest, *figure.snapshots, SQL_TEXT):
            assert words in section
        assert {a.text_content() for a in row.iter("a")} == set(figure.rules)


def test_every_verdict_is_shown_with_its_counts() -> None:
    for verdict in sample_report().verdicts:
        cells = [cell.text_content() for cell in page("rules").get_element_by_id(verdict.code)]
        assert cells[:5] == [
            verdict.code,
            verdict.say,
            verdict.severity.label,
            verdict.status.label,
            verdict.place,
        ]
        assert cells[5:7] == [str(verdict.evaluated), str(verdict.failed)]


def test_problems_come_first_with_what_to_do() -> None:
    problems = page("index").find_class("problem")
    findings = [verdict for verdict in sample_report().verdicts if verdict.is_finding]
    assert len(problems) == len(findings)
    first = problems[0].text_content()
    for words in ("警告 · 不通过", "K-02", "154309", "150806", "-3503", "核对源表登记日期"):
        assert words in first


def test_a_rule_that_answers_twice_has_two_anchors() -> None:
    report = sample_report()
    again = replace(report, verdicts=(*report.verdicts, report.verdicts[0]))
    tree = html.document_fromstring(write_run_page(again, sample_run())["audit/rules.html"].decode("utf-8"))
    assert tree.get_element_by_id("T3-01-2") is not None


@pytest.mark.parametrize(
    ("severity", "words"), [(Severity.FATAL, "处理前不得发布"), (Severity.WARNING, "没有致命规则不通过")]
)
def test_the_outcome_is_one_sentence(severity: Severity, words: str) -> None:
    report = sample_report()
    verdicts = (replace(report.verdicts[1], severity=severity, status=Status.FAILED),)
    written = write_run_page(replace(report, verdicts=verdicts), sample_run())
    tree = html.document_fromstring(written["audit/index.html"].decode("utf-8"))
    assert words in tree.find_class("outcome")[0].text_content()


def test_the_run_its_sources_and_snapshots_are_named() -> None:
    text = page("index").text_content()
    run = sample_run()
    for words in (run.run_key, run.code_version, "2023-01-01T00:00:00+08:00", "2024-01-01T00:00:00+08:00", "half-up"):
        assert words in text
    for source in run.sources:
        assert source.name in text
        assert all(file.name in text and file.digest in text for file in source.received)
    for snapshot in run.snapshots:
        row = page("index").xpath(f"//tr[starts-with(@id, 'snapshot-{snapshot.digest}')]")[0].text_content()
        assert all(words in row for words in (*snapshot.normalised, snapshot.reader, *snapshot.notes))
    assert all(name in text and version in text for name, version in run.versions.items())


def test_the_tables_lead_to_their_figures() -> None:
    for number, cells in PRINTED.items():
        table = page("index").find_class(f"t{number}")[0]
        links = {a.get("href"): a.text_content() for a in table.iter("a")}
        assert links == {f"figures.html#{code}": text for code, text in cells.items()}


def test_every_link_finds_its_anchor() -> None:
    anchors = {name.removeprefix("audit/"): set(tree.xpath("//@id")) for name, tree in pages().items()}
    for name, tree in pages().items():
        identities = tree.xpath("//@id")
        assert len(identities) == len(set(identities))
        for link in tree.xpath("//a/@href"):
            file, _, fragment = link.partition("#")
            target = anchors[file or name.removeprefix("audit/")]
            assert not fragment or fragment in target


def test_nothing_is_live_or_loaded() -> None:
    for tree in pages().values():
        assert not tree.xpath("//script | //link | //img | //iframe | //object | //embed | //form | //base")
        assert not tree.xpath("//@src | //@action | //@style")
        assert "url(" not in tree.xpath("//style")[0].text
        assert tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0].startswith("default-src 'none'")
    assert HOSTILE in page("index").text_content()


def test_no_clock_no_path_no_address() -> None:
    for tree in pages().values():
        text = tree.text_content().replace("T00:00:00+08:00", "")
        assert not re.search(r"\d\d:\d\d", text)
        assert not re.search(r"https?://|/home/|/tmp/|file:", text)


def test_bytes_do_not_depend_on_zone_hash_seed_or_process() -> None:
    digests = set()
    for zone, seed in (("UTC", "1"), ("America/New_York", "77")):
        surroundings = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", DIGEST], cwd=ROOT, env=surroundings, capture_output=True, text=True, check=True
        )
        digests.add(done.stdout.strip())
    here: dict[str, object] = {}
    exec(DIGEST.replace("print(", "answer = ("), here)
    assert digests == {here["answer"]}
    assert len(hashlib.sha256().hexdigest()) == len(str(here["answer"]))
