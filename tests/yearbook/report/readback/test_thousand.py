"""A thousand single digits changed in the finished documents, prose, tables, years, telephones, notes: all are found.

Word and web files are changed in their bytes and read whole, one digit at a time. Of the PDF, what the typesetter is
given is changed, several texts at a time, one digit in each, and every changed text must be named.
"""

import io
import json
import random
import re
import zipfile
from typing import Any

import pytest
import typst
from lxml import html

from tests.yearbook.report.readback.conftest import Finished
from yearbook.report.pdf import write_pdf
from yearbook.report.readback.docx import read_parts
from yearbook.report.readback.html import read_html
from yearbook.report.readback.pdf import read_pdf
from yearbook.report.readback.reading import Reading, bare

SEED = 20231
IN_WORD, IN_PAGE, IN_PRINT = 350, 350, 300
AT_A_TIME = 20
DIGIT = re.compile("[0-9]")
WORD_TEXT = re.compile(
    r"<w:t(?: [^>]*)?>([^<]+)</w:t>|<w:tblCaption w:val=\"([^\"]*)\"|<dc:(?:title|description)>([^<]+)<"
)
PAGE_TEXT = re.compile(r">([^<>]+)<|<meta name=\"(?:ArticleTitle|Description)\" content=\"([^\"]*)\"")
NOTES_KEPT = 12


def digits(pattern: re.Pattern[str], text: str) -> list[int]:
    """Where a digit stands in what a pattern's groups hold."""
    return [
        found.start()
        for match in pattern.finditer(text)
        for group in range(1, pattern.groups + 1)
        if match[group]
        for found in DIGIT.finditer(text, match.start(group), match.end(group))
    ]


def other(chance: random.Random, text: str, place: int) -> str:
    """The text with another digit at one place."""
    digit = chance.choice([d for d in "0123456789" if d != text[place]])
    return text[:place] + digit + text[place + 1 :]


def chosen(chance: random.Random, places: list[Any], count: int) -> list[Any]:
    """So many places, each as often as the others."""
    rounds = [place for _ in range(count // len(places) + 1) for place in chance.sample(places, len(places))]
    return rounds[:count]


def test_digits_changed_in_the_word_file_are_found(finished: Finished) -> None:
    chance = random.Random(SEED)
    with zipfile.ZipFile(io.BytesIO(finished.documents["report.docx"])) as archive:
        names = [n for n in archive.namelist() if n.startswith(("word/document", "word/footer", "docProps/core"))]
        parts = {name: archive.read(name) for name in names}
    texts = {name: data.decode() for name, data in parts.items()}
    places = [(name, place) for name, text in texts.items() for place in digits(WORD_TEXT, text)]
    assert {name for name, _ in places} == set(names)
    assert not finished.matcher.findings(read_parts(parts))
    missed = []
    for name, place in chosen(chance, places, IN_WORD):
        edited = other(chance, texts[name], place)
        if not finished.matcher.findings(read_parts({**parts, name: edited.encode()})):
            missed.append(edited[place - 20 : place + 20])
    assert missed == []


def test_digits_changed_in_the_web_page_are_found(finished: Finished) -> None:
    """The notes of a few figures stand for all: each has the same form."""
    chance = random.Random(SEED + 1)
    page = _with_few_notes(finished.documents["report.html"].decode())
    places = [place for place in digits(PAGE_TEXT, page) if not _in_style(page, place)]
    assert not finished.matcher.findings(read_html(page.encode()))
    missed = []
    for place in chosen(chance, places, IN_PAGE):
        edited = other(chance, page, place)
        if not finished.matcher.findings(read_html(edited.encode())):
            missed.append(edited[place - 40 : place + 20])
    assert missed == []


def _with_few_notes(page: str) -> str:
    root = html.document_fromstring(page)
    notes = [item for item in root.iter("li") if item.xpath('.//*[starts-with(@id, "fig-")]')]
    for item in notes[NOTES_KEPT:]:
        item.getparent().remove(item)
    text: str = html.tostring(root, encoding="unicode", doctype="<!doctype html>")
    return text


def _in_style(page: str, place: int) -> bool:
    return page.rfind("<style", 0, place) > page.rfind("</style", 0, place)


def test_digits_changed_in_print_are_found(finished: Finished, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(SEED + 2)
    given: dict[str, Any] = {}
    compiler = typst.Compiler

    class Changed:
        """The typesetter, given something else than the writer meant."""

        def __init__(self, *arguments: Any, **named: Any) -> None:
            self._own = compiler(*arguments, **named)

        def compile(self, **named: Any) -> Any:
            data = json.loads(named["sys_inputs"]["report"])
            given.setdefault("clean", json.loads(named["sys_inputs"]["report"]))
            for path, text in given.get("edits", ()):
                _put(data, path, text)
            return self._own.compile(**{**named, "sys_inputs": {"report": json.dumps(data, ensure_ascii=False)}})

    monkeypatch.setattr("yearbook.report.pdf.typst.Compiler", Changed)
    clean = read_pdf(write_pdf(finished.report))
    assert clean == finished.readings["report.pdf"]
    assert not finished.matcher.findings(clean)
    leaves = [
        (path, text) for path, text in _leaves(given["clean"]) if DIGIT.search(text) and _shown(clean, path, text)
    ]
    assert len(leaves) > 200, "the cells and paragraphs with digits"
    plan = chosen(chance, leaves, IN_PRINT + AT_A_TIME)
    # the title of a chart and the paragraph above it are told as one place, so titles are tried one by one
    titles = [entry for entry in plan if entry[0][-1] == "title"]
    others = [entry for entry in plan if entry[0][-1] != "title"]
    done = 0
    sheets = [[entry] for entry in titles]
    sheets += [others[start : start + AT_A_TIME] for start in range(0, len(others), AT_A_TIME)]
    for sheet in sheets:
        batch = dict(sheet)
        given["edits"] = [
            (path, other(chance, text, chance.choice([m.start() for m in DIGIT.finditer(text)])))
            for path, text in batch.items()
        ]
        findings = finished.matcher.findings(read_pdf(write_pdf(finished.report)))
        told = {f.place for f in findings if not f.place.endswith(("书签", "文件属性"))}
        assert len(told) == len(batch), f"{len(batch)} changed, {sorted(told)} told"
        done += len(batch)
    assert done >= IN_PRINT


def test_digits_changed_in_printed_charts_are_found(finished: Finished, monkeypatch: pytest.MonkeyPatch) -> None:
    """A drawing in the PDF is text as well; every third of its digits is changed, one at a time."""
    flow: list[dict[str, Any]] = []
    edit: list[tuple[int, str, str]] = []
    compiler = typst.Compiler

    class Changed:
        def __init__(self, *arguments: Any, **named: Any) -> None:
            self._own = compiler(*arguments, **named)

        def compile(self, **named: Any) -> Any:
            if "report" not in named["sys_inputs"]:
                return self._own.compile(**named)
            data = json.loads(named["sys_inputs"]["report"])
            if not flow:
                flow.extend(json.loads(named["sys_inputs"]["report"])["flow"])
            for index, key, text in edit:
                data["flow"][index][key] = text
            return self._own.compile(**{**named, "sys_inputs": {"report": json.dumps(data, ensure_ascii=False)}})

    monkeypatch.setattr("yearbook.report.pdf.typst.Compiler", Changed)
    write_pdf(finished.report)
    tried = 0
    for index, key, svg in [(n, k, v) for n, block in enumerate(flow) for k, v in block.items() if "<svg" in str(v)]:
        said = re.finditer(r"<text[^>]*>([^<]*)<", svg)
        digits = [match.start(1) + digit.start() for match in said for digit in DIGIT.finditer(match[1])]
        for place in digits[::3]:
            edit[:] = [(index, key, f"{svg[:place]}{(int(svg[place]) + 3) % 10}{svg[place + 1 :]}")]
            assert finished.matcher.findings(read_pdf(write_pdf(finished.report))), svg[place - 20 : place + 10]
            tried += 1
    assert tried > 20


Path = tuple[str | int, ...]


def _leaves(data: Any, path: Path = ()) -> list[tuple[Path, str]]:
    if isinstance(data, str):
        return [(path, data)]
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [leaf for key, value in inner for leaf in _leaves(value, (*path, key))]


def _shown(reading: Reading, path: Path, text: str) -> bool:
    """True for a text that is printed on a page, not one that only the file's properties hold."""
    if path[0] not in {"title", "flow"} or path[-1] == "fill":
        return False
    return any(bare(text) in piece.text for piece in reading.pieces) or any(
        bare(text) in square.text for grid in reading.grids for square in grid.squares
    )


def _put(data: Any, path: Path, text: str) -> None:
    for key in path[:-1]:
        data = data[key]
    data[path[-1]] = text
