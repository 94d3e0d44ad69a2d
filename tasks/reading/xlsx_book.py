"""The directory of an xlsx workbook: where its sheets are, and that nothing in it can be taken in two ways.

The readers differ from each other and from a spreadsheet program in where they look for a part: by the list of
relations, by the list of types, by its usual name. All three have to lead to the same part.
"""

import posixpath
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from tasks.reading.faults import unreadable
from tasks.reading.found import damaged
from yearbook.errors import Refusal

TRUE = frozenset({"1", "true", "on"})
_WORKBOOK, _RELATIONS, _TYPES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
_STRICT = "http://purl.oclc.org/ooxml/"
_SHEET_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# Parts that the readers look for by name or by type.
_USUAL = {"sharedStrings": "xl/sharedstrings.xml", "styles": "xl/styles.xml"}


@dataclass(frozen=True, slots=True)
class Part:
    """A worksheet as the workbook lists it."""

    name: str
    member: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Workbook:
    """The workbook's own part.

    Attributes:
        parts: Worksheets in order.
        stale: True where the file asks to be calculated when it is opened, so that no result in it is to be trusted.
    """

    parts: tuple[Part, ...]
    stale: bool


def workbook(archive: zipfile.ZipFile) -> Workbook:
    """Read the list of worksheets; charts and the like are left out.

    Raises:
        Refusal: It is not well formed, leads to a part in two ways, or is of the strict kind that the readers do not
            know.
    """
    try:
        root, relations, types = (_tree(archive, name) for name in (_WORKBOOK, _RELATIONS, _TYPES))
        if str(root.tag).startswith(f"{{{_STRICT}"):
            raise Refusal("是“严格开放 XML”格式的工作簿，不能读取", todo="请提供者另存为普通的“Excel 工作簿（xlsx）”")
        _require_usual(relations, types)
        targets = {
            node.get("Id"): _member(node.get("Target", ""))
            for node in relations
            if node.get("Type", "").endswith("/worksheet")
        }
        listed = root.findall("{*}sheets/{*}sheet")
        parts = [(node, targets.get(node.get(_SHEET_RELATION))) for node in listed]
        stale = any(node.get("fullCalcOnLoad") in TRUE for node in root.iterfind("{*}calcPr"))
    except (etree.XMLSyntaxError, KeyError) as error:
        raise unreadable(error, "工作簿目录读不出来") from error
    if not listed:
        raise Refusal("工作簿里没有工作表", todo="请提供者交来有内容的工作簿")
    found = tuple(Part(n.get("name", ""), t, n.get("state", "visible") != "visible") for n, t in parts if t)
    _require_once((part.member for part in found), "工作簿目录里两张工作表是同一个部件")
    return Workbook(found, stale)


def _tree(archive: zipfile.ZipFile, name: str) -> etree._Element:
    return etree.fromstring(archive.read(name), etree.XMLParser(resolve_entities=False, no_network=True))


def _member(target: str) -> str:
    return target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))


def _require_usual(relations: etree._Element, types: etree._Element) -> None:
    _require_once((node.get("Id") for node in relations), "工作簿目录里有重复的关系编号")
    overrides = types.findall("{*}Override")
    _require_once((node.get("PartName", "").lower() for node in overrides), "部件类型表里有重复的部件")
    for kind, usual in _USUAL.items():
        related = {_member(n.get("Target", "")) for n in relations if n.get("Type", "").endswith(f"/{kind}")}
        typed = {n.get("PartName", "") for n in overrides if n.get("ContentType", "").endswith(f".{kind}+xml")}
        if {name.lower().removeprefix("/") for name in related | typed} - {usual}:
            raise damaged("工作簿目录里文字表或样式不在约定的位置")


def _require_once(keys: Iterable[str | None], words: str) -> None:
    seen: set[str | None] = set()
    for key in keys:
        if key in seen:
            raise damaged(words)
        seen.add(key)
