"""A body's own word template: opened, checked, and understood as far as the contents need.

Knows page, styles and anchor of a template; knows nothing of the report. Whatever the office restyles needs no code.
"""

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from lxml import etree

from yearbook.errors import Refusal
from yearbook.report.docx_styles import USED, Sheet
from yearbook.report.profile import PAGE_WIDTH_MM, TWIPS_PER_MM, TWIPS_PER_POINT, Layout, TableDesign

ANCHOR = "[[正文]]"
MOST_BYTES = 50_000_000
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_MAY_BE_OUTSIDE = "hyperlink"
_HALF = 2


def open_base(base: bytes, layout: Layout) -> tuple[Any, Any, Sheet]:
    """The opened template, its anchor paragraph, and what contents must know of its styles and page.

    Args:
        base: The bytes of the ``.docx`` file.
        layout: The page of the body's profile, for whatever a template does not say.

    Raises:
        Refusal: It is no plain ``.docx``, or the anchor or a style is missing; says what to do.
    """
    _require_harmless(base)
    try:
        document = Document(io.BytesIO(base))
    except (KeyError, ValueError, etree.XMLSyntaxError, zipfile.BadZipFile) as error:
        raise _unsuitable("无法作为 Word 文档打开", "用 Word 或 WPS 打开该文件，另存为 .docx 后替换") from error
    anchor = _anchor(document.element.body)
    return document, anchor, _sheet(document, anchor, layout)


def _unsuitable(what: str, todo: str) -> Refusal:
    return Refusal(f"文书模板{what}", todo=todo)


def _require_harmless(base: bytes) -> None:
    """Look at the package before a library opens it.

    Raises:
        Refusal: Encrypted, macro-enabled, too large, pointing outside, or no word document.
    """
    if base.startswith(_OLE):
        raise _unsuitable("有打开密码，或是旧的 .doc 格式", "去掉密码，另存为 .docx 后替换")
    if not zipfile.is_zipfile(io.BytesIO(base)):
        raise _unsuitable("不是 .docx 文件", "用 Word 或 WPS 另存为 .docx 后替换")
    try:
        with zipfile.ZipFile(io.BytesIO(base)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
                raise _unsuitable(f"展开后超过 {MOST_BYTES // 1_000_000} MB", "删去大的图片后替换")
            parts = {entry.filename: entry for entry in archive.infolist()}
            _require_no_macros(parts, archive)
            _require_inside(parts, archive)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, zlib.error) as error:
        raise _unsuitable("的文件已损坏或加密", "用 Word 或 WPS 重新另存为 .docx 后替换") from error


def _require_no_macros(parts: Mapping[str, zipfile.ZipInfo], archive: zipfile.ZipFile) -> None:
    types = archive.read("[Content_Types].xml").decode("utf-8", "replace") if "[Content_Types].xml" in parts else ""
    if "macroEnabled" in types or any(name.lower().endswith("vbaproject.bin") for name in parts):
        raise _unsuitable("带有宏", "另存为不带宏的 .docx 后替换")
    if _MAIN not in types:
        raise _unsuitable("不是 .docx 文档（可能是 .dotx 或其他办公文件）", "另存为 .docx 后替换")


def _require_inside(parts: Mapping[str, zipfile.ZipInfo], archive: zipfile.ZipFile) -> None:
    """A report loads nothing from elsewhere, so a template may name nothing there but links to click."""
    for name in sorted(parts):
        if name.endswith(".rels"):
            for relation in etree.fromstring(archive.read(name), etree.XMLParser(resolve_entities=False)):
                kind = relation.get("Type", "").rpartition("/")[2]
                if relation.get("TargetMode") == "External" and kind != _MAY_BE_OUTSIDE:
                    raise _unsuitable(
                        f"引用了文件以外的内容（{name}：{kind}）", "把链接的图片改为嵌入，去掉附加的模板后另存"
                    )


def _words(element: Any) -> str:
    return "".join(text.text or "" for text in element.iter(qn("w:t")))


def _anchor(body: Any) -> Any:
    found = [paragraph for paragraph in body.iter(qn("w:p")) if ANCHOR in _words(paragraph)]
    if not found:
        raise _unsuitable(f"没有锚点 {ANCHOR}", f"在放正文的地方写一个单独的段落 {ANCHOR}")
    if len(found) > 1:
        raise _unsuitable(f"有 {len(found)} 处锚点 {ANCHOR}", "只留一处")
    anchor = found[0]
    if anchor.getparent() is not body or _words(anchor).strip() != ANCHOR:
        raise _unsuitable(f"的锚点 {ANCHOR} 不是正文中的单独段落", "锚点自成一段，段内没有别的字，不放在表格、文本框里")
    if anchor.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None:
        raise _unsuitable(f"的锚点 {ANCHOR} 后面紧接分节符", "在锚点段落之后另起一段，再放分节符")
    return anchor


def _sheet(document: Any, anchor: Any, layout: Layout) -> Sheet:
    elements = {
        style.find(qn("w:name")).get(qn("w:val")).lower(): style
        for style in document.styles.element.iter(qn("w:style"))
        if style.get(qn("w:type")) == "paragraph" and style.find(qn("w:name")) is not None
    }
    if missing := [name for name in USED if name.lower() not in elements]:
        raise _unsuitable(
            f"缺少样式 {'、'.join(missing)}", "从 deployments/word/base.docx 复制这些样式，或以该文件为底稿修改"
        )
    by_identity = {style.get(qn("w:styleId")): style for style in elements.values()}
    defaults = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}")
    chains = {name.lower(): [*_chain(elements[name.lower()], by_identity), defaults] for name in USED}
    return Sheet(
        layout=_fitted(layout, _text_width(anchor, layout), chains),
        styles={name: style.get(qn("w:styleId")) for name, style in elements.items()},
        fonts={name: _east_font(name, chain) for name, chain in chains.items()},
    )


def _chain(style: Any, by_identity: Mapping[str, Any]) -> list[Any]:
    """A style and those it is based on, nearest first; a circle ends where it closes."""
    found: list[Any] = []
    while style is not None and style not in found:
        found.append(style)
        basis = style.find(qn("w:basedOn"))
        style = None if basis is None else by_identity.get(basis.get(qn("w:val")))
    return found


def _told(chain: list[Any], tag: str, attribute: str) -> str | None:
    """The first value along the chain; None where nothing says it."""
    for level in chain:
        found = None if level is None else level.find(f"{qn('w:rPr')}/{qn(tag)}")
        if found is not None and found.get(qn(attribute)):
            return str(found.get(qn(attribute)))
    return None


def _east_font(name: str, chain: list[Any]) -> str:
    font = _told(chain, "w:rFonts", "w:eastAsia")
    if font is None:
        raise _unsuitable(f"的样式“{name}”没有写明中文字体", "在该样式的字体设置里选定中文字体（不用主题字体）")
    return font


def _text_width(anchor: Any, layout: Layout) -> float:
    """Width of the text where the anchor stands, in twips; the page of the section that the anchor is in."""
    below = [anchor, *anchor.itersiblings()]
    section = next(found for element in below for found in element.iter(qn("w:sectPr")))
    size, margins = section.find(qn("w:pgSz")), section.find(qn("w:pgMar"))
    if size is None or margins is None:
        return layout.text_width * TWIPS_PER_POINT
    sides = [int(margins.get(qn(f"w:{side}"), "0")) for side in ("left", "right", "gutter")]
    return float(int(size.get(qn("w:w"))) - sum(sides))


def _fitted(layout: Layout, width: float, chains: Mapping[str, list[Any]]) -> Layout:
    """The layout with tables as wide as the template's text, in the type sizes of its styles."""
    sizes = {name: _told(chains[name], "w:sz", "w:val") for name in ("表内文字", "表内小字", "caption")}
    points = {name: float(size) / _HALF for name, size in sizes.items() if size}
    names = {2: "表内文字", 3: "表内小字", 4: "表内小字"}
    designs = {
        number: replace(_scaled(design, round(width)), size=points.get(names[number], design.size))
        for number, design in layout.designs.items()
    }
    # A table that no longer fits below its heading must be free to break, or the heading would stand alone.
    roomy = width >= layout.text_width * TWIPS_PER_POINT - 1
    smaller = all(designs[number].size <= design.size for number, design in layout.designs.items())
    return replace(
        layout,
        own_page=layout.own_page and roomy and smaller,
        right_mm=PAGE_WIDTH_MM - layout.left_mm - width / TWIPS_PER_MM,
        caption_size=points.get("表内文字", layout.caption_size),
        designs=designs,
    )


def _scaled(design: TableDesign, width: int) -> TableDesign:
    edges = [round(sum(design.widths[:place]) * width / design.width) for place in range(len(design.widths) + 1)]
    return replace(design, widths=tuple(after - before for before, after in pairwise(edges)))
