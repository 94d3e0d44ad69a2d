"""What must not be left in a finished text: traces of editing, placeholders, garbled characters, broken dates, names.

Every pattern is one that no honest sentence contains; a word such as 有待完善 is none.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from yearbook.catalog import Tie
from yearbook.ties.answer import answer
from yearbook.ties.passages import Document, sentences, spot
from yearbook.ties.years import TITLE
from yearbook.verdict import Status, Verdict

EVERYWHERE = "全文"
SHOWN = 30
# Below it too many honest words differ from a name in one character.
SHORTEST_NAME = 6
INVISIBLE = frozenset({"Cc", "Cf", "Co"})
UNITS = "省市县区州旗乡镇"
PATTERNS: dict[str, re.Pattern[str]] = {
    "文字处理软件的标记": re.compile(
        r"\[bookmark:[^\]]*\]|_GoBack|_(?:Toc|Hlk|Ref)\d+|(?:错误[!！](?=未|文档|超|书)|Error!)[^。；，]{0,20}|HYPERLINK|MERGEFIELD"
    ),
    "表格软件的错误值": re.compile(r"#(?:REF|VALUE|NAME|DIV/0|NUM|NULL)[!?]|#N/A|#{4,}"),
    "没有填入的模板": re.compile(r"\{\{|\}\}|\{%|%\}|\$\{[^}]*\}"),
    "网页标记": re.compile(
        r"</?(?:p|br|div|span|font|table|t[dr]|img|a|b|strong)\b[^>]*>|&(?:nbsp|lt|gt|quot|#\d+);", re.I
    ),
    "占位文字": re.compile(
        r"(?<![A-Za-z0-9/])(?:\d\d)?(?:[XＸ]{2,}|×{2,}|[XＸ×](?=[年月日]))(?![A-Za-z])|(?<!有)待(?:补充|填写|填入|插入)|"
        r"(?:请|此处)(?:输入|填写|填入|插入|添加)|点击此处|[请待]核实|批注\s*[\[［]|"
        r"(?i:lorem ipsum|\bTODO\b|\bTBD\b|\bFIXME\b)|_{3,}"
    ),
    "乱码": re.compile("\ufffd|锟斤拷|烫烫|屯屯|ï»¿|â€"),
    "重复或相连的标点": re.compile(r"[，、；：。][，、；：]|[，、；：]。|。。|[（(][)）]|《》|“”"),
    "缺字的日期": re.compile(
        r"(?<!\d)20\d\d(?:\s+(?:0?\d|1[0-2])\s*月|\s+(?:0?\d|1[0-2])\s+[0-3]?\d\s*日|年\s*(?:0?\d|1[0-2])\s+[0-3]?\d\s*日)"
        r"|(?<!\d)20\d{5,6}日|(?<!\d)20\d\d年\s*[0-3]?\d日"
    ),
}


def judge_residue(tie: Tie, document: Document) -> list[Verdict]:
    """Nothing of the making is left in the title and the text.

    Args:
        tie: The rule.
        document: The report; every passage and the title counts as one thing judged.

    Returns:
        One verdict per trace, and one for the passages without any.
    """
    breaches: list[Verdict] = []
    clean = 0
    for section, text in _texts(document):
        found = list(_traces(text, document))
        clean += not found
        breaches += [_breach(tie, section, text, what, trace) for what, trace in found]
    if clean:
        return [*breaches, answer(tie, Status.PASSED, place=EVERYWHERE, evaluated=clean)]
    return breaches or [answer(tie, Status.NOT_EVALUATED, place=EVERYWHERE, evaluated=0, detail="没有正文")]


def _texts(document: Document) -> Iterator[tuple[str, str]]:
    if document.title:
        yield TITLE, document.title
    for passage in document.passages:
        yield passage.section, passage.text


def _traces(text: str, document: Document) -> Iterator[tuple[str, str]]:
    for what, pattern in PATTERNS.items():
        yield from ((what, match.group()) for match in pattern.finditer(text))
    for character in text:
        if character not in "\n\t" and unicodedata.category(character) in INVISIBLE:
            yield "不可见的控制字符", f"U+{ord(character):04X}"
    yield from (("疑似写错的机构名称", name) for name in misspelt(text, document.body_names))
    yield from (("其他机构的名称", name) for name in _others(text, document))


def _others(text: str, document: Document) -> Iterable[str]:
    rest = text
    for name in sorted(document.body_names, key=len, reverse=True):
        rest = rest.replace(name, "")
    own = set(document.body_names)
    return [name for name in document.other_names if name and name not in own and name in rest]


def misspelt(text: str, names: Iterable[str]) -> list[str]:
    """Words that differ from a name of the body in one character of its place name, e.g. 沐阳县 for 沭阳县.

    Args:
        text: Any text.
        names: Names of the body; short ones are left out.
    """
    found = []
    for name in names:
        if len(name) < SHORTEST_NAME:
            continue
        # another character in the kind of body or of place is another body, which may well be named
        for index, character in enumerate(name[: len(name) // 2]):
            if character in UNITS:
                continue
            pattern = (
                f"{re.escape(name[:index])}(?!{re.escape(character)})[\u4e00-\u9fff]{re.escape(name[index + 1 :])}"
            )
            found += [match.group() for match in re.finditer(pattern, text)]
    return list(dict.fromkeys(found))


def _breach(tie: Tie, section: str, text: str, what: str, trace: str) -> Verdict:
    sentence = next((part for part in sentences(text) if trace in part), text)
    return answer(
        tie,
        Status.FAILED,
        place=section if section == TITLE else spot(section, _visible(sentence)),
        evaluated=1,
        expected="没有",
        found=_visible(trace[:SHOWN]),
        detail=what,
    )


def _visible(text: str) -> str:
    """A text that may be printed on a page: control characters as a box."""
    return "".join("□" if unicodedata.category(c) in INVISIBLE else c for c in text)
