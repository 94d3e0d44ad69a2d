"""Workbooks whose archive is broken, lies, or was made to do harm."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

from tests.tasks.reading.making import members
from tests.tasks.sources.corpus.case import Case
from tests.tasks.sources.corpus.formats import as_ods, by_xlsxwriter
from tests.tasks.sources.corpus.ledger import CANARY, ledger
from tests.tasks.sources.corpus.packing import STORED, Member, blanks, packed

Parts = Callable[[], Mapping[str, bytes]]
SHEET_PART, SHARED, CONTENT = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "content.xml"
DAMAGED = "：文件已损坏"
NOT_READ, WRONG_SUM, NO_DIRECTORY = "（压缩成员读不出来）", "（压缩成员的大小或校验和不符）", "（压缩目录读不出来）"
INCOMPLETE = "：文件不完整（压缩目录缺失，多半是传送中断）"
BOMB, TOO_LARGE = "：压缩比超过 100 倍，疑似压缩炸弹", "：解压后超过 200 MB"
OUTSIDE, DECLARED = "：压缩包里有指向包外的成员名", "：XML 部件里有 DOCTYPE 或 ENTITY 声明"
NOT_UTF8 = "：XML 部件不是 UTF-8 编码"


@cache
def xlsx_parts() -> Mapping[str, bytes]:
    return members(by_xlsxwriter([ledger()]))


@cache
def ods_parts() -> Mapping[str, bytes]:
    return members(as_ods([ledger()]))


def whole(parts: Parts = xlsx_parts, method: int = STORED) -> list[Member]:
    return [Member(name, data, method) for name, data in parts().items()]


def added(*more: Member, parts: Parts = xlsx_parts) -> Callable[[], bytes]:
    """The valid workbook with more members."""
    return lambda: packed([*whole(parts), *more])


def altered(name: str, parts: Parts = xlsx_parts, **change: object) -> Callable[[], bytes]:
    """The valid workbook with another word about one member."""
    return lambda: packed(
        replace(member, **change) if member.name == name else member  # type: ignore[arg-type]
        for member in whole(parts)
    )


def rewritten(name: str, old: bytes, new: bytes, parts: Parts = xlsx_parts) -> Callable[[], bytes]:
    """The valid workbook with another text in one part."""

    def make() -> bytes:
        assert old in parts()[name]
        return packed(
            [
                *(m for m in whole(parts) if m.name != name),
                Member(name, parts()[name].replace(old, new, 1), STORED),
            ]
        )

    return make


def flipped(mark: bytes, parts: Parts = xlsx_parts, ahead: int = 0) -> Callable[[], bytes]:
    """The valid workbook, unpacked, with one bit turned around at a mark."""

    def make() -> bytes:
        data = bytearray(packed(whole(parts)))
        data[data.index(mark) + ahead] ^= 0x04
        return bytes(data)

    return make


def cut(parts: Parts, share: float = 0, back: int = 0) -> Callable[[], bytes]:
    """The first part of a workbook, or all but its last bytes."""

    def make() -> bytes:
        data = packed(whole(parts))
        return data[: int(len(data) * share) or len(data) - back]

    return make


def bomb(parts: Parts, name: str, megabytes: int, **lies: int) -> Callable[[], bytes]:
    def make() -> bytes:
        content, check, size = blanks(megabytes)
        told = {"size": size, "check": check} | lies
        return packed([*whole(parts), Member(name, packed=content, **told)])  # type: ignore[arg-type]

    return make


def declared_giants() -> bytes:
    """Eight members that each stay below the ratio and together are more than allowed."""
    filler = bytes(range(1, 256)) * 1200
    return packed([*whole(), *(Member(f"xl/media/{n}.bin", filler, STORED, size=29_000_000) for n in range(8))])


def many() -> bytes:
    return packed([*whole(), *(Member(f"xl/media/{number}.xml", CANARY.encode()) for number in range(300))])


def laughs() -> bytes:
    """Entities that grow tenfold nine times."""
    declared = '<!ENTITY a "哈哈哈哈">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    text = f"<!DOCTYPE sst [{declared}]>".encode()
    return rewritten(SHARED, b"<sst", text + b"<sst")()


def wide() -> bytes:
    """A part in UTF-16, where nobody would look for a document type."""
    text = xlsx_parts()[SHARED].decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    return altered(SHARED, data=text.encode("utf-16"))()


def encrypted_ods() -> bytes:
    said = b'<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
    return rewritten("META-INF/manifest.xml", b"</manifest:manifest>", said + b"</manifest:manifest>", ods_parts)()


def _in(form: str, *cases: tuple[str, Callable[[], bytes], str]) -> list[Case]:
    ending = form.partition("-")[0]
    return [Case(kind, form, ending, make, said) for kind, make, said in cases]


EXTERNAL = f'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///{CANARY}">]>'.encode()
CASES = [
    *_in(
        "xlsx-xlsxwriter",
        ("cut at a tenth", cut(xlsx_parts, 0.1), INCOMPLETE),
        ("cut at the half", cut(xlsx_parts, 0.5), INCOMPLETE),
        ("cut in the directory", cut(xlsx_parts, 0.95), INCOMPLETE),
        ("cut at the last bytes", cut(xlsx_parts, back=3), DAMAGED + NO_DIRECTORY),
        ("bit in a cell turned", flipped(b"<v>10.5", ahead=3), DAMAGED + WRONG_SUM),
        ("bit in a text turned", flipped("信息处理费".encode(), ahead=2), DAMAGED + WRONG_SUM),
        ("bit in a head turned", flipped(b"PK\x03\x04\x14\x00\x00\x08", ahead=30), DAMAGED + NOT_READ),
        ("wrong check sum", altered(SHEET_PART, check=4711), DAMAGED + WRONG_SUM),
        ("wrong size", altered(SHEET_PART, size=12), DAMAGED + WRONG_SUM),
        ("packed stream broken", altered(SHEET_PART, packed=b"\xff" * 40, method=8), DAMAGED + NOT_READ),
        ("head with another name", altered(SHEET_PART, local_name="xl/worksheets/sheet9.xml"), DAMAGED + NOT_READ),
        ("bomb", bomb(xlsx_parts, "xl/media/a.xml", 600), BOMB),
        ("bomb that lies", bomb(xlsx_parts, "xl/media/a.xml", 90, size=1000), BOMB),
        ("giants", declared_giants, TOO_LARGE),
        ("many members", many, "：压缩成员超过 200 个"),
        ("member twice", added(Member(SHEET_PART, b"<worksheet/>")), "：压缩包里有重名的成员"),
        ("member twice but for case", added(Member(SHEET_PART.upper(), b"<x/>")), "：压缩包里有重名的成员"),
        ("member above", added(Member("../../a.xml", CANARY.encode())), OUTSIDE),
        ("member with back strokes above", added(Member("xl\\..\\..\\a.xml", CANARY.encode())), OUTSIDE),
        ("member at the root", added(Member("/etc/a.xml", CANARY.encode())), OUTSIDE),
        ("member on a drive", added(Member("C:a.xml", CANARY.encode())), OUTSIDE),
        ("member with a hidden end", added(Member("xl/a.xml\x00.png", CANARY.encode())), OUTSIDE),
        ("link", added(Member("xl/a.xml", b"/etc/passwd", mode=0o120777)), "：压缩包里有符号链接"),
        ("member with a password", altered(SHEET_PART, flags=0x801), "：文件已加密"),
        ("member packed otherwise", altered(SHEET_PART, method=14), "：压缩方式不受支持"),
        ("laughs", laughs, DECLARED),
        ("entity from outside", rewritten(SHEET_PART, b"<worksheet", EXTERNAL + b"<worksheet"), DECLARED),
        ("document type in a relation", rewritten("_rels/.rels", b"<Rel", b"<!doctype a><Rel"), DECLARED),
        ("part in UTF-16", wide, NOT_UTF8),
        ("part in another encoding", rewritten(SHARED, b"UTF-8", b"GBK"), NOT_UTF8),
    ),
    *_in(
        "ods",
        ("cut at the half", cut(ods_parts, 0.5), INCOMPLETE),
        ("cut at the last bytes", cut(ods_parts, back=3), DAMAGED + NO_DIRECTORY),
        ("bit in a cell turned", flipped(b'office:value="10.5', ods_parts, 14), DAMAGED + WRONG_SUM),
        ("content missing", lambda: packed(whole(ods_parts)[::2]), DAMAGED + "（缺少 content.xml）"),
        ("bomb", bomb(ods_parts, "Pictures/a.xml", 300), BOMB),
        ("bomb that lies", bomb(ods_parts, "Pictures/a.xml", 120, size=1000), BOMB),
        ("member twice", added(Member(CONTENT, b"<x/>"), parts=ods_parts), "：压缩包里有重名的成员"),
        ("member above", added(Member("Pictures/../../a", CANARY.encode()), parts=ods_parts), OUTSIDE),
        ("link", added(Member("a", b"/etc/passwd", mode=0o120777), parts=ods_parts), "：压缩包里有符号链接"),
        ("encrypted", encrypted_ods, "：文件已加密"),
        ("entity from outside", rewritten(CONTENT, b"<office:d", EXTERNAL + b"<office:d", ods_parts), DECLARED),
        (
            "content not well formed",
            rewritten(CONTENT, b"</table:table>", b"", ods_parts),
            DAMAGED + "（content.xml 不合格式）",
        ),
    ),
]
