"""What a page says around its cells and keeps behind them, rule by rule."""

import pytest
from lxml import etree, html

from tasks.reading.web_kept import as_shown
from tasks.reading.web_outside import require_nothing_outside
from tasks.reading.web_styles import hiding, touches
from yearbook.errors import Refusal


def page(body: str, style: str = "") -> etree._Element:
    return html.document_fromstring(f"<html><head><style>{style}</style></head><body>{body}</body></html>")


class TestKept:
    @pytest.mark.parametrize(
        ("kept", "shown"),
        [
            ("1234.5", "1,234.50"),
            ("1234.5", "￥1,234.50"),
            ("1234.5", "1234.5元"),
            ("-12", "(12.00)"),
            ("-12", "-￥12"),
            ("-12", "￥-12"),
            ("0.125", "12.5%"),
            ("12000", "1.2万元"),
            ("0.1", "0.10000000000000001"),
            ("123456", "1.23456E+05"),
            ("44963", "2023-02-06"),
            ("44963", "2023年2月6日"),
            ("44963.5", "2023/2/6 12:00"),
            ("0", "0"),
            ("", "7"),
            ("5", "约五"),
            ("0", "-"),
            ("1", ""),
        ],
    )
    def test_is_what_is_shown(self, kept: str, shown: str) -> None:
        assert as_shown({"x:num": kept}, shown)
        assert as_shown({"sdval": kept, "sdnum": "1033;0;0"}, shown)

    @pytest.mark.parametrize(
        ("kept", "shown"),
        [
            ("0.125", "0.13"),
            ("0.125", "13%"),
            ("1234.5", "1,234"),
            ("12", "(12.00)"),
            ("12345", "1.2万元"),
            ("123456", "1.23E+05"),
            ("44963.5", "2023-02-06"),
            ("44964", "2023-02-06"),
            ("44963.0001", "2023/2/6 0:00"),
            ("1", "2023-02-30"),
            ("nan", "0"),
            ("inf", "0"),
            ("1_0", "10"),
            ("１", "1"),
        ],
    )
    def test_is_something_else(self, kept: str, shown: str) -> None:
        assert not as_shown({"x:num": kept}, shown)
        assert not as_shown({"sdval": kept}, shown)

    def test_text(self) -> None:
        assert as_shown({"x:str": " 甲  乙 "}, "甲 乙")
        assert as_shown({"x:str": None, "class": "xl24"}, "甲")
        assert not as_shown({"x:str": "甲"}, "乙")


class TestStyles:
    @pytest.mark.parametrize(
        "rule",
        [
            "td{display:none}",
            "TD { color:red; Display : None !important }",
            ".a{visibility:hidden}",
            "#I{display:none}",
            "tr > td.A:hover, x{visibility:collapse}",
            "*{display:none}",
            "[TITLE]{display:none}",
            "@media x{td{display:none}}",
            '@import "y"; td{display:none}',
            "<!-- td{display:none} -->",
            "/* { */td/* } */{display:none}",
            "td{display:none",
            "td:not(.b){content-visibility:hidden}",
            ".\\61{display:none}",
            "td{b{color:red} display:none}",
            "table{&.a{display:none}}",
            "x" * 600 + "{display:none}",
        ],
    )
    def test_that_hide_a_cell(self, rule: str) -> None:
        cell = html.fragment_fromstring("<td class='z a' id=i title=t>1</td>", parser=html.HTMLParser())
        assert any(touches(selector, cell) for selector in hiding(rule))

    @pytest.mark.parametrize(
        "rule",
        [
            "",
            "td{color:red}",
            "td{mso-ruby-visibility:none}",
            "rt{display:none}",
            ".b{display:none}",
            "td.b{display:none}",
            "#a{display:none}",
            "[hidden]{display:none}",
            "td:after{display:none}",
            "td::before {visibility:hidden}",
            "td x{display:none}",
            "td{x-display:none}",
            "/* td{display:none} */",
            "td{visibility:visible} x{display:none}",
        ],
    )
    def test_that_do_not(self, rule: str) -> None:
        cell = html.fragment_fromstring("<td class='z a' id=i title=t>1</td>", parser=html.HTMLParser())
        assert not any(touches(selector, cell) for selector in hiding(rule))

    def test_of_what_is_beside_the_table(self) -> None:
        require_nothing_outside(page("<div class=a>x</div><table><tr><td>1</table>", ".a{display:none}"))

    def test_of_what_is_around_the_table(self) -> None:
        with pytest.raises(Refusal, match="样式"):
            require_nothing_outside(page("<div class=a><table><tr><td>1</table></div>", ".a{display:none}"))


class TestUnits:
    @pytest.mark.parametrize(
        "text",
        [
            "单位：万元",
            "<b>单位</b>: 千元",
            "金额单位：<br>人民币百万元",
            "单位：亿元",
            "单位：美元",
            "单位：万美元",
            "单位：万件",
            "单位：万",
            "单位：分",
            "收费台账（万元）",
            "收费台账( 人民币万元 )",
        ],
    )
    def test_that_change_the_figures(self, text: str) -> None:
        for body in (f"<p>{text}</p><table><tr><td>1</table>", f"<table><caption>{text}</caption><tr><td>1</table>"):
            with pytest.raises(Refusal, match="单元格之外写明了元以外的单位"):
                require_nothing_outside(page(body))

    @pytest.mark.parametrize(
        "text",
        [
            "单位：元",
            "单位：人民币元",
            "填报单位：样例市交管局",
            "单位：万宁市公安局",
            "单位：元江县公安局",
            "单位：件",
            "单位：分局",
            "大额（万元以上）",
            "<span hidden>单位：万元</span>",
            "<script>单位：万元</script>",
            "<title>单位：万元</title>",
            "",
        ],
    )
    def test_that_do_not(self, text: str) -> None:
        require_nothing_outside(page(f"<p>{text}</p><table><tr><td>1</table>"))

    def test_in_a_cell_are_for_the_contract(self) -> None:
        require_nothing_outside(page("<table><tr><td>单位：万元</table>"))
