"""A drawn picture as part of a page: one accessible image that a policy forbidding everything lets through.

Knows nothing of charts. What a drawing library writes for a file of its own is turned into what a page may hold.
"""

from lxml import etree
from markupsafe import Markup

SVG = "{http://www.w3.org/2000/svg}"
REFERENCES = frozenset({"href", "{http://www.w3.org/1999/xlink}href"})
FORBIDDEN = frozenset({"script", "foreignObject", "image", "use", "a", "style", "iframe", "animate", "set"})


def inline_svg(svg: str, alt: str) -> Markup:
    """The picture as markup: one image to a screen reader, told by ``alt``.

    A style attribute would be refused by the page's policy, so its declarations become attributes, which mean the
    same. Roles inside go, since the picture speaks as a whole; so do width and height, which the page decides.

    Raises:
        ValueError: The picture holds something that runs, or that points outside.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(svg.encode("utf-8"), parser)
    if root.tag != f"{SVG}svg" or "viewBox" not in root.attrib:
        raise ValueError("a picture is one svg element with a viewBox")
    for element in root.iter():
        _tame(element)
    root.attrib.pop("width", None)
    root.attrib.pop("height", None)
    root.set("role", "img")
    root.set("aria-label", alt)
    etree.cleanup_namespaces(root)
    return Markup(etree.tostring(root, encoding="unicode"))  # noqa: S704 - serialised from a parsed, tamed tree


def _tame(element: etree._Element) -> None:
    if not isinstance(element.tag, str) or element.tag.removeprefix(SVG) in FORBIDDEN:
        raise ValueError(f"a picture may not hold {element.tag}")
    for name, value in element.attrib.items():
        told = value.lower().replace(" ", "")
        if name.lower().startswith("on") or "javascript:" in told or "url(" in told.replace("url(#", ""):
            raise ValueError(f"a picture may not hold the attribute {name}")
        if name in REFERENCES and not value.startswith("#"):
            raise ValueError("a picture points outside")
        if name in {"role", "tabindex"} or name.startswith("aria-"):
            del element.attrib[name]
    for declaration in element.attrib.pop("style", "").split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            element.set(name.strip(), value.strip())
