"""Web pages under a workbook's name whose table cannot be relied on."""

from collections.abc import Callable

from tests.tasks.sources.corpus.case import Case
from tests.tasks.sources.corpus.formats import as_page, page_table
from tests.tasks.sources.corpus.ledger import CANARY, ledger

NO_TOTAL = "：最后一行不是“合计”，文件可能不完整"
DIFFERENT = "：两个读取器读出的内容不一致，"
CELL = "<td>0.1</td>"


def page(body: str, head: str = "<meta charset=utf-8>") -> bytes:
    return f"<html><head>{head}</head><body>{body}</body></html>".encode()


def changed(old: str, new: str, style: str = "") -> Callable[[], bytes]:
    """The valid page with another piece of markup."""

    def make() -> bytes:
        table = page_table(ledger()).replace(' rowspan="1" colspan="1"', "")
        assert old in table
        return page(table.replace(old, new, 1), f"<meta charset=utf-8><style>{style}</style>")

    return make


def cut(mark: str) -> Callable[[], bytes]:
    return lambda: as_page([ledger()])[: as_page([ledger()]).index(mark.encode("gb18030"))]


def styled(style: str) -> Callable[[], bytes]:
    """The valid page with a style sheet that is about its third row."""
    return changed("<tr><td>2023-02-06", "<tr class=h><td>2023-02-06", style)


ROW = "<tr><td>2023-02-06</td>"
BY_STYLE, UNSEEN = "：网页的样式把表格或表格里的内容隐藏了", "：网页表格在页面上看不到的部分里"
KEPT = "：第 3 行第 5 列显示的与保存的值不一致"
UNIT = "：网页在表格单元格之外写明了元以外的单位"
CASES = [
    Case(kind, "html", "xls", make, said)
    for kind, make, said in (
        ("no table", lambda: page(f"<p>请先登录 {CANARY}</p>"), "：网页里没有表格"),
        (
            "table in a table",
            changed(CELL, f"<td><table><tr><td>{CANARY}</td></tr></table></td>"),
            "：网页表格里套着另一张表格，不能读取",
        ),
        (
            "two tables and one hidden",
            lambda: page(page_table(ledger()) + f"<table hidden><tr><td>1<td>{CANARY}</table>"),
            "：有 2 个表格，分不清用哪一个",
        ),
        ("ledger twice", lambda: page(page_table(ledger()) * 2), "：有 2 个表格，分不清用哪一个"),
        ("cut before the total", cut("合计"), NO_TOTAL),
        ("cut in a row", cut("2200.5"), "：最后一行不是“合计”，文件可能不完整"),
        ("row hidden by a style sheet", styled(".h{display:none}"), BY_STYLE),
        (
            "cells hidden by a style sheet",
            styled("@media all { TR.H > td:nth-child(5) {visibility: hidden} "),
            BY_STYLE,
        ),
        ("table hidden by a style sheet", styled("/* } */ a, table{color:red; DISPLAY : none!important}"), BY_STYLE),
        ("hidden by a style that is veiled", styled(".\\68{display:none}"), BY_STYLE),
        (
            "remark that a program hides",
            changed(CELL, "<td><comment>7</comment>0.1</td>", "comment{display:none}"),
            BY_STYLE,
        ),
        ("table in a hidden part", lambda: page(f"<div style='display:none'>{page_table(ledger())}</div>"), UNSEEN),
        ("table in a template", lambda: page(f"<template>{page_table(ledger())}</template>"), UNSEEN),
        ("table in a part that is closed", lambda: page(f"<details>{page_table(ledger())}</details>"), UNSEEN),
        (
            "entry field",
            changed(CELL, f"<td><input value='{CANARY}'></td>"),
            "：网页表格的单元格里有输入框，其中的内容读不出来",
        ),
        (
            "choice",
            changed(CELL, f"<td><select><option>{CANARY}</select></td>"),
            "：网页表格的单元格里有输入框，其中的内容读不出来",
        ),
        (
            "hidden piece of a cell",
            changed(CELL, "<td>0<span style='display:none'>7</span>.1</td>"),
            "：网页表格的单元格里有隐藏的内容",
        ),
        ("hidden cell", changed(CELL, "<td style='visibility: hidden'>0.1</td>"), "：第 5 列只有部分单元格被隐藏"),
        ("cell too few", changed(CELL, ""), "：第 3 行有 5 列，表格有 6 列"),
        ("span without a number", changed(CELL, "<td colspan='x'>0.1</td>"), "：网页表格的合并范围不合规则"),
        ("span of nothing", changed(CELL, "<td rowspan='0'>0.1</td>"), "：网页表格的合并范围不合规则"),
        ("span beyond measure", changed(CELL, "<td colspan='100000'>0.1</td>"), "：有内容或格式的区域超过 200 列"),
        ("spans that overlap", changed(ROW, "<tr><td rowspan=2>2023-02-06</td>"), "：第 1 行有 6 列，表格有 7 列"),
        (
            "spans over each other",
            changed("<td>0.1</td><td>0.1</td>", "<td>0.1</td><td rowspan=2>0.1</td>"),
            "：第 1 行有 6 列，表格有 7 列",
        ),
        ("encoding unknown", lambda: page(page_table(ledger()), "<meta charset=klingon>"), "：网页写明的编码不认识"),
        (
            "encoding of a machine",
            lambda: page(page_table(ledger()), "<meta charset=base64>"),
            "：网页写明的编码不认识",
        ),
        (
            "encoding that lies",
            lambda: page("").replace(b"</body>", page_table(ledger()).encode("gb18030")),
            "：第 1 行不是 UTF-8 编码",
        ),
        ("characters lost", changed("信息", "\N{REPLACEMENT CHARACTER}"), "：第 3 行有转码时丢失的字（U+FFFD）"),
        (
            "text between the cells",
            changed("</td><td>0.1", f"</td>{CANARY}<td>0.1"),
            "：网页表格第 3 行附近有单元格以外的文字",
        ),
        (
            "text in front of the rows",
            changed("<table>", f"<table><form><b>{CANARY}</b>"),
            "：网页表格第 1 行附近有单元格以外的文字",
        ),
        ("cell without a row", changed("<tr><td>2023-02-06", "<td>2023-02-06"), "：网页表格里有不属于任何一行的单元格"),
        ("comment that does not end", changed(CELL, "<td>0.1<!-- </td>"), "：第 3 行有 5 列，表格有 6 列"),
        ("plain text", changed(CELL, "<td><plaintext>0.1</td>"), "：第 3 行有 5 列，表格有 6 列"),
        (
            "text area",
            changed(CELL, "<td><textarea></td><td>7</textarea></td>"),
            "：网页表格的单元格里有输入框，其中的内容读不出来",
        ),
        ("title within", changed(CELL, "<td><title></td><td>0.1</title>0.1</td>"), "：第 1 行有 6 列，表格有 7 列"),
        ("row in a cell", changed(CELL, "<td>0.1<tr></td>"), "：第 3 行有 5 列，表格有 6 列"),
        ("frame within", changed(CELL, "<td><iframe></td><td>7</iframe>0.1</td>"), "：第 1 行有 6 列，表格有 7 列"),
        (
            "marked section",
            changed(CELL, "<td><![CDATA[0.1]]></td>"),
            "：第 3 行“单价（元）”，列 unit_price_yuan 为空，契约要求必填",
        ),
        ("end of table early", changed(ROW, "</table>" + ROW), "：最后一行不是“合计”，文件可能不完整"),
        ("nought in markup", changed(CELL, "<t\x00d>0.1</td>"), "：网页表格里有不属于任何一行的单元格"),
        (
            "list in a cell",
            changed(CELL, "<td>0.1<li>7</td>"),
            "：第 3 行“单价（元）”，列 unit_price_yuan 的值不是 两位小数以内的金额",
        ),
        (
            "entity without end",
            changed(CELL, "<td>0&#46 1</td>"),
            "：第 3 行“单价（元）”，列 unit_price_yuan 的值不是 两位小数以内的金额",
        ),
        (
            "reference of windows",
            changed(CELL, "<td>0&#x80;1</td>"),
            "：第 3 行“单价（元）”，列 unit_price_yuan 的值不是 两位小数以内的金额",
        ),
        ("number behind what is shown", changed(CELL, '<td x:num="0.125">0.13</td>'), KEPT),
        ("number behind a share", changed(CELL, '<td sdval="0.125">13%</td>'), KEPT),
        ("number behind what is no number", changed(CELL, '<td x:num="#VALUE!">0.13</td>'), KEPT),
        (
            "moment behind a day",
            changed("<td>2023-02-06", '<td x:num="44963.5">2023-02-06'),
            "：第 3 行第 1 列显示的与保存的值不一致",
        ),
        (
            "text behind what is shown",
            changed("<td>信息处理费", '<td x:str="罚没收入">信息处理费'),
            "：第 3 行第 3 列显示的与保存的值不一致",
        ),
        ("caption", changed("<table>", "<table><caption>单位：万元</caption>"), UNIT),
        ("unit above the table", lambda: page(f"<p>金额<b>单位</b>: 人民币千元</p>{page_table(ledger())}"), UNIT),
        ("unit below the table", lambda: page(f"{page_table(ledger())}以上（万元）"), UNIT),
        (
            "number across lines",
            changed(CELL, "<td>0.<br>1</td>"),
            "：第 3 行“单价（元）”，列 unit_price_yuan 的值不是 两位小数以内的金额",
        ),
    )
]
