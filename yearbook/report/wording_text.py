"""What may not be written by hand in a template: numbers, years, signs, units, rises and falls."""

import re
from collections.abc import Iterable, Iterator

from yearbook.figure import Figure
from yearbook.quantity import Unit
from yearbook.report.number_words import number_words
from yearbook.report.wording_functions import DIGIT
from yearbook.report.wording_syntax import Call, Fault
from yearbook.report.wording_template import Declared
from yearbook.wording import printed

PLACEHOLDER = "\ue000"
ENUMERATED = re.compile(r"^\s*#+ \d+\.")
BEFORE, SHOWN = 6, 14
FIGURE_TODO = '统计数字改用 {{ 数("…") }}；文号、条款等固定数字列入模板开头的“常数”行'
YEAR_TODO = "报告年度写 {{ 年 }}，上一年写 {{ 上年 }}，下一年写 {{ 下年 }}"
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)|二[〇○零][〇○零一二三四五六七八九]{2}")
_DIGITS = {character: str(value) for value, character in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0"}
_PERCENT = re.compile(r"[%％‰]|百分之|个?百分点")
# The report is written in January of the next year: to whom reads it then, 今年 is another year.
_TRAPS = {"去年": "上年", "前年": "上年", "今年": "年", "本年度": "年", "本年": "年", "明年": "下年"}
_TRAP = re.compile("|".join(_TRAPS))
# A document by its number or name holds a year that is its own.
_OF_A_DOCUMENT = re.compile(r"[〔［\[【（(]\s*(?:19|20)\d{2}\s*[〕］\]】）)]|《[^》]*》|〈[^〉]*〉|第?\d+号")
_FULL_DATE = re.compile(r"(?:19|20)\d{2}年\d{1,2}月")
_MEASURES = ("人次", "件次", "辆次", "万元", "亿元", "个", "次", "份", "项", "名", "宗", "台", "余", "万")
_UNITS = tuple(unit.value for unit in Unit)
_END = r"(?=$|[，。；、：！？）)”》\s]|的|和|及|与|以上|左右)"
_ANY = "|".join(sorted({*_MEASURES, *_UNITS}, key=len, reverse=True))
# 辆, 件 and 条 are measure words whatever follows; the others begin other words too, such as 起到 and 人均.
_MEASURE = re.compile(rf"\s*(?:(?P<word>余?(?:{_ANY})){_END}|(?P<sure>余?[辆件条]))")
_STATISTIC = re.compile(rf"\d+(?:{'|'.join((*_UNITS, '次', '人次'))})")
_MOVED = "增长|下降|增加|减少|上升|降低|提高|净增|净减|增|减|升|降"
_MOVED_BEFORE = re.compile(rf"(?:{_MOVED}|多|少)(?:了|约|近|到|至|为)?\s*$|(?:同比|环比|[比较与][上去]年(?:相比)?)\s*$")
_MOVED_BEFORE_VALUE = re.compile(
    r"(?:增长|下降|增加|减少|上升|降低|提高|净增|净减)(?:了|约|近|到|至|为)?\s*$|(?:同比|环比)\s*$"
)
_MOVED_AFTER = re.compile(rf"\s*的?(?:{_MOVED})")
_SIGN = re.compile(r"[-－−﹣+＋负]\s*$")
_ROUGH = re.compile(r"(?:约|近|超|超过|逾|不足|多达)\s*$")
CHANGES = ("比", "增减")
VALUES = ("数", "上年数")


def literal_faults(line: int, text: str, constants: Iterable[str]) -> Iterator[Fault]:
    """Everything in one line's own words that does not belong there.

    Args:
        line: Line of the file.
        text: The words, without tags.
        constants: Declared texts, the longest first.
    """
    rest = ENUMERATED.sub(lambda match: PLACEHOLDER * len(match.group()), text)
    if declared := "|".join(re.escape(word) for word in constants):
        rest = re.sub(declared, PLACEHOLDER, rest)
    percents = [match.group() for match in _PERCENT.finditer(rest)]
    rest = _PERCENT.sub(PLACEHOLDER, rest)
    spans = [(word.start, word.end) for word in number_words(rest)]
    spans += [m.span() for m in DIGIT.finditer(rest) if not any(a <= m.start() < b for a, b in spans)]
    for start, end in sorted(spans):
        around = rest[max(0, start - BEFORE) :][:SHOWN].replace(PLACEHOLDER, "…").strip()
        is_year = bool(_YEAR.fullmatch(rest[start:end])) and rest[end : end + 1] == "年"
        what, todo = ("写死的年份", YEAR_TODO) if is_year else ("未登记的数字", FIGURE_TODO)
        yield Fault(line, f"有{what}“{rest[start:end]}”，在“{around}”处", todo)
    for percent in percents:
        yield Fault(line, f"手写了“{percent}”", '与上年相比的百分比用 {{ 比("…") }}')
    for match in _TRAP.finditer(rest):
        todo = f"报告在次年一月公布，写成 {{{{ {_TRAPS[match.group()]} }}}}年"
        yield Fault(line, f"写了“{match.group()}”，读者会误会是哪一年", todo, stops=False)


def constant_faults(declared: Iterable[Declared], body: str, said: str, year: int) -> Iterator[Fault]:
    """Constants that are not used, or that let through what is no constant.

    Args:
        declared: What the first lines declare.
        body: The template without them, tags taken out.
        said: The registered explanations, whose numbers are declared here too.
        year: Report year.
    """
    for entry in declared:
        if entry.text not in body and entry.text not in said:
            yield Fault(entry.line, f"常数“{entry.text}”没有用到", "删去它，免得放过别处的数字")
        if _STATISTIC.fullmatch(entry.text) and entry.text not in said:
            yield Fault(entry.line, f"常数“{entry.text}”像是统计数字", '统计数字用 {{ 数("…") }}', stops=False)
        for match in _YEAR.finditer(_OF_A_DOCUMENT.sub("", entry.text)):
            yield from _constant_year(entry, match, year)


def _constant_year(entry: Declared, match: re.Match[str], year: int) -> Iterator[Fault]:
    """A year among the constants: that of a document or of a law's date is no statement about the report."""
    number = int("".join(_DIGITS.get(character, character) for character in match.group()))
    near = abs(number - year) <= 1
    dated = "号" in entry.text or _FULL_DATE.search(entry.text)
    if near and not dated:
        yield Fault(entry.line, f"常数“{entry.text}”写死了年份", f"{YEAR_TODO}，从常数行中删去它")
    elif not dated or (near and "号" not in entry.text):
        todo = "核对它是不是文件、规划的年份，明年是否仍然正确"
        yield Fault(entry.line, f"常数“{entry.text}”里有年份", todo, stops=False)


def faults_before(call: Call, tail: str) -> Iterator[Fault]:
    """What stands right before a number and belongs to the function.

    Args:
        call: The function that prints the number.
        tail: The last words before it in the same line.
    """
    shown = f'{{{{ {call.function}("{call.name}") }}}}'
    if _SIGN.search(tail):
        yield Fault(call.line, f"{shown} 前面手写了正负号", '去掉符号；升降用 {{ 比("…") }} 或 {{ 增减("…") }}')
    moved = {"比": _MOVED_BEFORE, "增减": _MOVED_BEFORE, "数": _MOVED_BEFORE_VALUE}.get(call.function)
    if moved and (found := moved.search(tail)):
        other = '升降用 {{ 比("…") }} 或 {{ 增减("…") }}'
        own = "升降的说法由它自己写，删去手写的" if call.function in CHANGES else other
        yield Fault(call.line, f"{shown} 前面手写了“{found.group().strip()}”", own)
    if call.function in VALUES and (found := _ROUGH.search(tail)):
        rough = f"{shown} 前面写了“{found.group().strip()}”"
        yield Fault(call.line, rough, "印法已含“余”或是精确数，删去它", stops=False)


def faults_after(call: Call, line: int, text: str, figure: Figure) -> Iterator[Fault]:
    """What stands right behind a number and doubles or contradicts it.

    Args:
        call: The function that printed the number.
        line: Line of the words.
        text: The words behind it.
        figure: The figure.
    """
    shown = f'{{{{ {call.function}("{call.name}") }}}}'
    if call.function in CHANGES and (found := _MOVED_AFTER.match(text)):
        yield Fault(line, f"{shown} 后面手写了“{found.group().strip()}”", "升降的说法由它自己写，删去手写的")
    if call.function in VALUES and (found := _MEASURE.match(text)):
        word = found["word"] or found["sure"]
        unit = printed(figure).unit
        why = "写重了" if word == unit else f"与它的单位“{unit}”不符"
        yield Fault(line, f"{shown} 后面的“{word}”{why}", "量词由它自己印，删去手写的")
