"""Files that people hand over: what is read of them, and each way of spoiling one."""

import hashlib
import stat
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from tasks.library import Library, load_library
from tasks.sources.handed_over import extract_files
from tasks.sources.letters import Letters
from tasks.sources.snapshot import Snapshot
from tasks.store import Blobs
from tests.tasks.sources.files import APPLICATIONS, CASES, FEES, PORTAL, fees, portal, register, saved, set_cell
from yearbook.errors import Refusal
from yearbook.period import ReportYear

Read = Callable[..., dict[str, Snapshot]]
Spoil = Callable[[Workbook], Any]
# stands in spoiled cells and must never be told
CANARY = "CANARY41010519491231002X"
GENERAL = "General"


def rows(snapshot: Snapshot) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(snapshot.path).to_pylist()
    return found


def assert_refused(read: Callable[[], object], *said: str) -> Refusal:
    """Refused in one line that names what is wrong, says what to do, and tells no value."""
    with pytest.raises(Refusal) as refusal:
        read()
    for words in said:
        assert words in refusal.value.what
    assert "\n" not in refusal.value.what
    assert CANARY not in str(refusal.value)
    assert refusal.value.todo
    return refusal.value


def put(sheet: str, place: str, value: Any, number_format: str = "") -> Spoil:
    return lambda book: set_cell(book, sheet, place, value, number_format)


def both(*steps: Spoil) -> Spoil:
    return lambda book: [step(book) for step in steps]


class TestWhatIsRead:
    def test_of_a_register(self, read: Read, tmp_path: Path) -> None:
        found = read(saved(register(), tmp_path / "register_2023.xlsx"), code="register")
        assert rows(found["application"]) == [
            {
                "register_number": "R1",
                "received_on": date(2023, 1, 5),
                "applicant_kind": "自然人",
                "answered_on": date(2023, 1, 9),
                "result": "予以公开",
            },
            {
                "register_number": "R2",
                "received_on": date(2023, 2, 5),
                "applicant_kind": "其他",
                "answered_on": date(2023, 2, 9),
                "result": "重复申请",
            },
            {
                "register_number": "R3",
                "received_on": date(2023, 12, 5),
                "applicant_kind": "自然人",
                "answered_on": None,
                "result": None,
            },
        ]
        assert [row["case_number"] for row in rows(found["review_case"])] == ["C1", "C2"]

    def test_of_a_ledger(self, read: Read, tmp_path: Path) -> None:
        snapshot = read(saved(fees(), tmp_path / "fees_2023.xlsx"), code="fees")["fee_line"]
        amounts = [row["amount_yuan"] for row in rows(snapshot)]
        assert amounts == [Decimal("30.00"), Decimal("0.10"), Decimal("0.20"), Decimal("200.50")]
        assert snapshot.normalised == ("合计行核对一致，共 4 行",)

    @pytest.mark.parametrize(
        ("encoding", "told"),
        [("gb18030", "编码 GB18030"), ("utf-8", "编码 UTF-8"), ("utf-8-sig", "编码 UTF-8（有 BOM）")],
    )
    def test_of_a_list_in_each_encoding(self, encoding: str, told: str, read: Read, tmp_path: Path) -> None:
        path = tmp_path / "portal_2023.csv"
        path.write_bytes(portal(PORTAL).encode(encoding))
        snapshot = read(path, code="portal")["published_item"]
        assert f"，{told}；" in snapshot.reader
        assert [row["title"] for row in rows(snapshot)] == ["𠮷祥路口信号配时", "“一盔一带”行动", "停车办法"]
        path.write_bytes(portal(PORTAL).encode("utf-8"))
        assert read(path, code="portal")["published_item"].digest == snapshot.digest

    def test_is_the_copy_with_its_digest(self, read: Read, tmp_path: Path, blobs: Blobs) -> None:
        path = saved(fees(), tmp_path / "fees_2023.xlsx")
        data = path.read_bytes()
        snapshot = read(path, code="fees")["fee_line"]
        digest = hashlib.sha256(data).hexdigest()
        assert snapshot.received == (("fees_2023.xlsx", len(data), digest),)
        assert blobs.read(digest) == data
        assert stat.S_IMODE(blobs.path(digest).stat().st_mode) == 0o400
        assert path.read_bytes() == data

    def test_without_rows(self, read: Read, tmp_path: Path) -> None:
        book = register()
        book[APPLICATIONS].delete_rows(4, 10)
        book[CASES].delete_rows(4, 10)
        path = saved(book, tmp_path / "register_2023.xlsx")
        assert_refused(lambda: read(path, code="register"), f"工作表 {APPLICATIONS}：只有表头，没有数据行")
        found = read(path, code="register", may_be_empty=True)
        assert [snapshot.row_count for snapshot in found.values()] == [0, 0]

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            pytest.param(put(APPLICATIONS, "A1", "登记簿（2022年度、2023年度）"), "", id="two years in the title"),
            pytest.param(put(APPLICATIONS, "A1", "登记簿"), "", id="no year in the title"),
            pytest.param(put(APPLICATIONS, "A2", " 登记\n编号 "), "", id="blanks and line breaks in a header"),
            pytest.param(
                put(APPLICATIONS, "C4", "自然人  "), "申请人/类别：去掉首尾空白 1 处（第 4 行）", id="padding"
            ),
            pytest.param(put(APPLICATIONS, "G6", "  "), "", id="blanks in an optional cell"),
            pytest.param(lambda book: book[APPLICATIONS].insert_rows(5), "", id="an empty row"),
            pytest.param(lambda book: book.create_sheet("说明"), "", id="another sheet"),
        ],
    )
    def test_in_spite_of(self, change: Spoil, said: str, read: Read, tmp_path: Path) -> None:
        book = register()
        change(book)
        snapshot = read(saved(book, tmp_path / "register_2023.xlsx"), code="register")["application"]
        assert [row["register_number"] for row in rows(snapshot)] == ["R1", "R2", "R3"]
        assert "；".join(snapshot.normalised) == said

    def test_with_headers_that_were_renamed_in_a_later_year(self, project: Path, blobs: Blobs, tmp_path: Path) -> None:
        renamed = load_library(project)
        renamed.texts["sql/fees/columns.csv"] += "fee_line,paid_on,2024,入账日期\n"
        old, new = fees(), fees()
        set_cell(new, FEES, "A1", "入账日期")
        for row in range(2, 6):
            set_cell(new, FEES, f"A{row}", date(2024, row, 5))
        paths = {"old": saved(old, tmp_path / "old.xlsx"), "new": saved(new, tmp_path / "new.xlsx")}

        def read(name: str, year: int) -> list[Snapshot]:
            return extract_files(
                [paths[name]],
                renamed.sources["fees"],
                year=ReportYear(year),
                agreements=renamed.agreements("fees", year),
                blobs=blobs,
                letters=Letters(tmp_path / "letters", "样例市交管局"),
            )

        assert read("old", 2023)[0].row_count == read("new", 2024)[0].row_count == 4
        assert_refused(lambda: read("new", 2023), "缺少 收款日期（疑改名为 入账日期）")
        assert_refused(lambda: read("old", 2024), "缺少 入账日期（疑改名为 收款日期）")


class TestTheFileItself:
    @pytest.mark.parametrize("source", ["portal", "register", "fees"])
    def test_missing(self, source: str, read: Read, tmp_path: Path, library: Library) -> None:
        path = tmp_path / f"{source}_2023.file"
        refusal = assert_refused(lambda: read(path, code=source), f"来源 {source}", f"文件不存在：{path}")
        assert library.sources[source].owner in refusal.todo
        assert "2023 年" in refusal.todo

    @pytest.mark.parametrize("source", ["portal", "register", "fees"])
    def test_a_folder(self, source: str, read: Read, tmp_path: Path) -> None:
        assert_refused(lambda: read(tmp_path, code=source), f"文件不存在：{tmp_path}")

    @pytest.mark.parametrize("source", ["portal", "register", "fees"])
    def test_a_symbolic_link(self, source: str, read: Read, tmp_path: Path) -> None:
        target, link = tmp_path / "target", tmp_path / f"{source}_2023.file"
        target.write_text(CANARY, encoding="ascii")
        link.symlink_to(target)
        assert_refused(lambda: read(link, code=source), "符号链接", str(link))

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            pytest.param(b"", "文件是空的", id="empty"),
            pytest.param(f"收款日期,{CANARY}".encode(), "最后一行不是“合计”", id="text"),
            pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "文件已损坏", id="old workbook, cut"),
            pytest.param(b"PK\x03\x04" + CANARY.encode(), "文件不完整", id="begins like a zip"),
        ],
    )
    def test_no_workbook(self, data: bytes, said: str, read: Read, tmp_path: Path) -> None:
        path = tmp_path / "fees_2023.xlsx"
        path.write_bytes(data)
        refusal = assert_refused(lambda: read(path, code="fees"), "文件 fees_2023.xlsx", said)
        assert "请提供者" in refusal.todo

    def test_cut_off(self, read: Read, tmp_path: Path) -> None:
        path = saved(fees(), tmp_path / "fees_2023.xlsx")
        path.write_bytes(path.read_bytes()[:-400])
        assert_refused(lambda: read(path, code="fees"), "文件 fees_2023.xlsx：文件不完整")

    @pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"])
    @pytest.mark.parametrize(
        ("data", "said"),
        [(b"", "文件已损坏"), (b"<a><b></a>", "文件已损坏"), (b"\xff\xfe", "XML 部件不是 UTF-8 编码")],
        ids=["empty", "not well formed", "no text"],
    )
    def test_with_a_damaged_part(self, part: str, data: bytes, said: str, read: Read, tmp_path: Path) -> None:
        path = saved(fees(), tmp_path / "whole.xlsx")
        with zipfile.ZipFile(path) as whole, zipfile.ZipFile(tmp_path / "fees_2023.xlsx", "w") as spoiled:
            for name in whole.namelist():
                spoiled.writestr(name, data if name == part else whole.read(name))
        assert_refused(lambda: read(tmp_path / "fees_2023.xlsx", code="fees"), f"文件 fees_2023.xlsx：{said}")

    def test_with_damaged_bytes(self, read: Read, tmp_path: Path) -> None:
        path = saved(fees(), tmp_path / "fees_2023.xlsx")
        whole = path.read_bytes()
        with zipfile.ZipFile(path) as book:
            entry = book.getinfo("xl/worksheets/sheet1.xml")
        start = entry.header_offset + 30 + len(entry.filename)
        for offset in range(0, entry.compress_size, 29):
            data = bytearray(whole)
            data[start + offset] ^= 0xFF
            path.write_bytes(data)
            assert_refused(lambda: read(path, code="fees"), "文件 fees_2023.xlsx")


class TestASpoiledRegister:
    @pytest.mark.parametrize(
        ("change", "said"),
        [
            pytest.param(put(APPLICATIONS, "A1", "登记簿（2022年度）"), ["2022", "不是 2023 年"], id="wrong year"),
            pytest.param(
                put(CASES, "A1", "登记簿（2024年）"), [f"工作表 {CASES}", "2024", "不是 2023 年"], id="second"
            ),
            pytest.param(lambda b: setattr(b[APPLICATIONS], "sheet_state", "hidden"), ["工作表被隐藏"], id="hidden"),
            pytest.param(lambda b: setattr(b[CASES], "sheet_state", "veryHidden"), ["工作表被隐藏"], id="very hidden"),
            pytest.param(
                lambda b: b.remove(b[CASES]), [f"没有名为“{CASES}”的工作表", APPLICATIONS], id="missing sheet"
            ),
            pytest.param(
                lambda b: setattr(b[CASES], "title", "诉讼"), [f"没有名为“{CASES}”", "诉讼"], id="renamed sheet"
            ),
            pytest.param(lambda b: b[APPLICATIONS].delete_rows(1, 20), ["表头"], id="empty sheet"),
            pytest.param(
                put(APPLICATIONS, "C3", "类型"), ["缺少 申请人/类别", "多出 申请人/类型"], id="renamed header"
            ),
            pytest.param(put(APPLICATIONS, "G2", "办理"), ["缺少 办理情况/答复日期"], id="renamed upper header"),
            pytest.param(put(APPLICATIONS, "I3", "办理结果"), ["重复 办理情况/办理结果"], id="header twice"),
            pytest.param(
                lambda b: b[APPLICATIONS].delete_rows(1), ["合并区域盖住了有内容的单元格"], id="title row missing"
            ),
            pytest.param(put(APPLICATIONS, "A5", None), ["第 5 行", "列 register_number 为空"], id="number missing"),
            pytest.param(put(APPLICATIONS, "A5", 20230002), ["第 5 行", "列 register_number"], id="code as a number"),
            pytest.param(put(APPLICATIONS, "C6", "   "), ["第 6 行", "列 applicant_kind 为空"], id="blanks only"),
            pytest.param(
                put(APPLICATIONS, "B5", CANARY), ["第 5 行", "列 received_on 的值不是 日期"], id="text in a date"
            ),
            pytest.param(put(APPLICATIONS, "B5", "2023-02-30"), ["第 5 行", "列 received_on"], id="no such day"),
            pytest.param(
                put(APPLICATIONS, "G5", 45000, GENERAL), ["第 5 行", "列 answered_on"], id="a number in a date"
            ),
            pytest.param(put(APPLICATIONS, "G5", 45000.5, GENERAL), ["第 5 行", "列 answered_on"], id="a fraction"),
            pytest.param(put(APPLICATIONS, "G5", time(9, 30)), ["第 5 行", "列 answered_on"], id="a time of day"),
            pytest.param(put(APPLICATIONS, "G5", True), ["第 5 行", "列 answered_on"], id="a truth value in a date"),
            pytest.param(
                put(APPLICATIONS, "G5", datetime(2023, 2, 9, 9, 30)),  # noqa: DTZ001
                ["第 5 行", "列 answered_on 的值不是 日期"],
                id="a date with a time of day",
            ),
            pytest.param(
                both(lambda b: b[APPLICATIONS].insert_rows(4, 2), put(APPLICATIONS, "B8", CANARY)),
                ["第 8 行", "列 received_on"],
                id="below two empty rows",
            ),
        ],
    )
    def test_is_refused(self, change: Spoil, said: list[str], read: Read, tmp_path: Path) -> None:
        book = register()
        change(book)
        path = saved(book, tmp_path / "register_2023.xlsx")
        refusal = assert_refused(lambda: read(path, code="register"), "文件 register_2023.xlsx，工作表 ", *said)
        assert "请提供者" in refusal.todo or "由提供者" in refusal.todo

    def test_with_a_chart_in_the_sheets_place(self, read: Read, tmp_path: Path) -> None:
        """Written by another library, which makes a chart sheet that is whole."""
        import xlsxwriter

        with xlsxwriter.Workbook(tmp_path / "fees_2023.xlsx") as book:
            data = book.add_worksheet("数据")
            data.write_column("A1", [1, 2, 3])
            chart = book.add_chart({"type": "column"})
            chart.add_series({"values": "=数据!$A$1:$A$3"})
            book.add_chartsheet(FEES).set_chart(chart)
        assert_refused(lambda: read(tmp_path / "fees_2023.xlsx", code="fees"), "文件 fees_2023.xlsx", FEES)


class TestASpoiledLedger:
    @pytest.mark.parametrize(
        ("change", "said"),
        [
            pytest.param(lambda b: b[FEES].delete_rows(6), ["最后一行不是“合计”"], id="total row missing"),
            pytest.param(put(FEES, "A6", "总计"), ["最后一行不是“合计”"], id="total row renamed"),
            pytest.param(lambda b: b[FEES].delete_rows(2, 10), ["最后一行不是“合计”"], id="header alone"),
            pytest.param(put(FEES, "A8", "注：本表"), ["最后一行不是“合计”"], id="a note below"),
            pytest.param(put(FEES, "F6", 230.7), ["第 6 行合计 230.7", "230.8", "相差 -0.1"], id="wrong sum"),
            pytest.param(
                lambda b: b[FEES].delete_rows(3), ["第 5 行合计 230.8", "230.7", "相差 0.1"], id="a row missing"
            ),
            pytest.param(put(FEES, "F6", None), ["第 6 行"], id="total empty"),
            pytest.param(put(FEES, "F6", "=SUM(F2:F5)"), ["第 6 行"], id="total never calculated"),
            pytest.param(put(FEES, "F6", CANARY), ["第 6 行"], id="text for a total"),
            pytest.param(put(FEES, "F3", CANARY), ["第 3 行“金额（元）”"], id="text for an amount"),
            pytest.param(put(FEES, "F3", None), ["第 3 行", "为空"], id="amount missing, total not"),
            pytest.param(
                both(put(FEES, "F3", None), put(FEES, "F6", 230.7)),
                ["第 3 行", "列 amount_yuan 为空"],
                id="amount missing",
            ),
            pytest.param(
                both(put(FEES, "F3", 0.101), put(FEES, "F6", 230.801)),
                ["第 3 行", "的值不是 两位小数以内的金额"],
                id="three decimals",
            ),
            pytest.param(put(FEES, "E3", 0.101), ["第 3 行", "列 unit_price_yuan"], id="three decimals in a price"),
            pytest.param(put(FEES, "D3", 1.5), ["第 3 行", "列 quantity 的值不是 整数"], id="a fraction for a count"),
            pytest.param(put(FEES, "D3", CANARY), ["第 3 行", "列 quantity 的值不是 整数"], id="text for a count"),
            pytest.param(put(FEES, "A3", CANARY), ["第 3 行", "列 paid_on 的值不是 日期"], id="text for a date"),
            pytest.param(put(FEES, "G1", "备注"), ["多出 备注"], id="header too many"),
            pytest.param(put(FEES, "C1", None), ["缺少 类别"], id="header empty"),
            pytest.param(put(FEES, "B1", "类别"), ["缺少 收费项目", "重复 类别"], id="header twice"),
            pytest.param(lambda b: b[FEES].delete_cols(3), ["缺少 类别"], id="column missing"),
        ],
    )
    def test_is_refused(self, change: Spoil, said: list[str], read: Read, tmp_path: Path) -> None:
        book = fees()
        change(book)
        path = saved(book, tmp_path / "fees_2023.xlsx")
        refusal = assert_refused(lambda: read(path, code="fees"), f"文件 fees_2023.xlsx，工作表 {FEES}", *said)
        assert "提供者" in refusal.todo

    def test_a_total_with_the_noise_of_binary_fractions_is_no_difference(self, read: Read, tmp_path: Path) -> None:
        """Spreadsheets keep 17 digits of a calculated sum and show 15."""
        path = saved(fees(), tmp_path / "whole.xlsx")
        with zipfile.ZipFile(path) as whole, zipfile.ZipFile(tmp_path / "fees_2023.xlsx", "w") as noisy:
            for name in whole.namelist():
                noisy.writestr(name, whole.read(name).replace(b"<v>230.8</v>", b"<v>230.79999999999998</v>"))
        assert read(tmp_path / "fees_2023.xlsx", code="fees")["fee_line"].row_count == 4


def changed(row: int, column: int, value: str) -> list[list[str]]:
    return [
        [value if (r, c) == (row, column) else cell for c, cell in enumerate(cells)] for r, cells in enumerate(PORTAL)
    ]


class TestASpoiledList:
    @pytest.mark.parametrize(
        ("table", "said"),
        [
            pytest.param(changed(0, 2, "栏目名称"), ["缺少 栏目", "多出 栏目名称"], id="header renamed"),
            pytest.param([row[:-1] for row in PORTAL], ["缺少 废止日期"], id="header missing"),
            pytest.param([[*row, "x"] for row in PORTAL], ["多出 x"], id="header too many"),
            pytest.param([[*row, "栏目"] for row in PORTAL], ["重复 栏目"], id="header twice"),
            pytest.param(PORTAL[1:], ["表头与约定不符"], id="no header"),
            pytest.param([*PORTAL[:2], [*PORTAL[2], "x"]], ["第 3 行有 10 列", "表头有 9 列"], id="row too long"),
            pytest.param([*PORTAL[:2], PORTAL[2][:-1]], ["第 3 行有 8 列", "表头有 9 列"], id="row too short"),
            pytest.param([*PORTAL[:2], [], *PORTAL[2:]], ["第 3 行有 0 列"], id="empty line"),
            pytest.param(changed(2, 1, f'"{CANARY}'), ["不是正确的 CSV"], id="quotation mark left open"),
            pytest.param(changed(2, 1, f'"a"{CANARY}'), ["不是正确的 CSV"], id="text behind a quotation mark"),
            pytest.param(changed(2, 0, CANARY), ["第 3 行", "列 row_number 的值不是 整数"], id="text for a number"),
            pytest.param(changed(2, 0, "2.0"), ["第 3 行", "列 row_number 的值不是 整数"], id="decimal for a number"),
            pytest.param(changed(2, 0, "9" * 30), ["第 3 行", "列 row_number 的值不是 整数"], id="number too large"),
            pytest.param(changed(2, 0, ""), ["第 3 行", "列 row_number 为空"], id="number missing"),
            pytest.param(changed(3, 5, "七月一日"), ["第 4 行", "列 dated_on 的值不是 日期"], id="a date in words"),
            pytest.param(changed(3, 5, "2023-02-29"), ["第 4 行", "列 dated_on 的值不是 日期"], id="no such day"),
            pytest.param(changed(3, 5, "45000"), ["第 4 行", "列 dated_on 的值不是 日期"], id="a serial number"),
            pytest.param(changed(3, 6, CANARY), ["第 4 行", "列 published_at 的值不是 时刻"], id="text for a moment"),
            pytest.param(changed(3, 6, "2023-07-02 24:30:00"), ["第 4 行", "列 published_at"], id="no such time"),
            pytest.param(changed(3, 6, "2023-07-02T08:00:00Z"), ["第 4 行", "列 published_at"], id="another zone"),
        ],
    )
    def test_is_refused(self, table: list[list[str]], said: list[str], read: Read, tmp_path: Path) -> None:
        path = tmp_path / "portal_2023.csv"
        path.write_bytes(portal(table).encode("gb18030"))
        refusal = assert_refused(lambda: read(path, code="portal"), "文件 portal_2023.csv：", *said)
        assert "提供者" in refusal.todo

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            pytest.param(b"", ["文件是空的"], id="empty"),
            pytest.param(b"\xef\xbb\xbf", ["文件是空的"], id="mark alone"),
            pytest.param(
                portal(PORTAL).encode("gb18030") + b"4,\xff\xff", ["第 5 行不是 GB18030 编码"], id="not GB18030"
            ),
            pytest.param(
                b"\xef\xbb\xbf" + portal(PORTAL).encode("gb18030"), ["第 1 行不是 UTF-8"], id="mark, but not UTF-8"
            ),
        ],
    )
    def test_that_is_no_text_is_refused(self, data: bytes, said: list[str], read: Read, tmp_path: Path) -> None:
        path = tmp_path / "portal_2023.csv"
        path.write_bytes(data)
        refusal = assert_refused(lambda: read(path, code="portal"), "文件 portal_2023.csv：", *said)
        assert "重新导出" in refusal.todo
