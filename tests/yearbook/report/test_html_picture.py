"""A drawn picture becomes part of a page, or is refused."""

import pytest
from lxml import etree

from yearbook.report.html_picture import inline_svg

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9" width="9">'


def test_style_becomes_attributes_and_roles_go() -> None:
    svg = inline_svg(
        f'{HEAD}<g style="fill: red;stroke:none" role="x" aria-label="y" tabindex="0"/></svg>', "饼 & <图>"
    )
    root = etree.fromstring(svg)
    assert dict(root.attrib) == {"viewBox": "0 0 9 9", "role": "img", "aria-label": "饼 & <图>"}
    assert dict(root[0].attrib) == {"fill": "red", "stroke": "none"}


@pytest.mark.parametrize(
    "inside",
    [
        "<script/>",
        "<style>a{}</style>",
        '<image href="x.png"/>',
        "<foreignObject/>",
        '<g onload="x()"/>',
        '<path fill="url(http://example.org/x)"/>',
        '<path style="fill:url(http://example.org/x)"/>',
        '<path xlink:href="http://example.org/x"/>',
        "<!-- words -->",
    ],
)
def test_what_runs_or_points_outside_is_refused(inside: str) -> None:
    with pytest.raises(ValueError, match="picture"):
        inline_svg(f"{HEAD}{inside}</svg>", "x")


def test_a_reference_within_the_picture_stays() -> None:
    assert 'clip-path="url(#clip0)"' in inline_svg(f'{HEAD}<g clip-path="url(#clip0)"/></svg>', "x")


@pytest.mark.parametrize("svg", ["<svg/>", '<p xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'])
def test_anything_but_a_picture_with_a_size_is_refused(svg: str) -> None:
    with pytest.raises(ValueError, match="viewBox"):
        inline_svg(svg, "x")
