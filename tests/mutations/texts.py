"""Sentences of the finished report edited by hand, and text left over from elsewhere."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from random import Random

from tests.mutations.fault import TEXT, Fault, TextEdited
from tests.mutations.material import YEAR, Clean
from yearbook.form.table import Role
from yearbook.report.model import Block, Constant, Heading, Inline, Number, Paragraph, Report, StatutoryTable, Text

Edit = Callable[[Inline], Inline]
RESIDUE = (
    "[bookmark: _GoBack]", "{{ 数(“机动车业务量”) }}", "XX件", "××", "待补充", "错误!未找到引用源。", "#REF!",
    "2023 12 31日", "，，", "。。", "\ufffd", "#N/A", "（此处填写）", "请核实。", "Lorem ipsum", "批注 [A1]",
)  # fmt: skip

YEAR_SAID = re.compile(r"20\d\d(?=年)")
RELABELLED = {
    "属于行政执法案卷": "属于行政执法案件",
    "危及“三安全一稳定”": "危及三安全一稳定的",
    "科研\n机构": "科研单位",
    "结果纠正": "结果改正",
    "尚未审结": "未审结",
    "重复申请": "重复的申请",
    "法人或其他组织": "法人和其他组织",
    "现行有效件数": "现行有效数",
    "本年收费金额（单位：万元）": "本年收费金额（单位：元）",
    "行政强制": "行政强制措施",
    "（七）总计": "（七）合计",
    "四、结转下年度继续办理": "四、结转下年继续办理",
    "社会公益组织": "社会公益团体",
    "第一项加第二项之和": "第一项加第二项",
    "未经复议直接起诉": "直接起诉",
    "行政规范性文件": "规范性文件",
    "2.没有现成信息需要另行制作": "2.没有现成信息",
    "第二十条第（五）项": "第二十条第（六）项",
}


def faults(clean: Clean) -> Iterator[Fault]:
    """Every fault of these families."""
    report = clean.report
    yield from _numbers(report)
    yield from _changes(report)
    yield from _parts(report)
    yield from _years(report)
    yield from _residue(report)
    yield from _labels(report)


def paragraphs(report: Report) -> list[Paragraph]:
    """Every paragraph in reading order."""
    blocks = [block for section in report.sections for block in section.blocks]
    return [*report.preamble, *(block for block in blocks if isinstance(block, Paragraph))]


def _edited(number: int, edit: Callable[[Paragraph], Paragraph]) -> Callable[[Report], Report]:
    """Changes one paragraph, by its place in reading order."""

    def change(report: Report) -> Report:
        old = paragraphs(report)[number]

        def of(block: Block) -> Block:
            return edit(old) if block is old else block

        sections = tuple(replace(s, blocks=tuple(of(block) for block in s.blocks)) for s in report.sections)
        preamble = tuple(edit(old) if paragraph is old else paragraph for paragraph in report.preamble)
        return replace(report, preamble=preamble, sections=sections)

    return change


def _inline(number: int, at: int, edit: Edit) -> Callable[[Report], Report]:
    """Changes one inline of a paragraph."""

    def change(paragraph: Paragraph) -> Paragraph:
        return Paragraph(tuple(edit(part) if n == at else part for n, part in enumerate(paragraph.inlines)))

    return _edited(number, change)


def _spoken(report: Report) -> Iterator[tuple[int, int, Number]]:
    for number, paragraph in enumerate(paragraphs(report)):
        for at, part in enumerate(paragraph.inlines):
            if isinstance(part, Number):
                yield number, at, part


def _fault(family: str, words: str, edit: Callable[[Report], Report]) -> Fault:
    return Fault(TEXT, family, words, TextEdited(edit))


def _retyped(family: str, words: str, place: tuple[int, int, Number], text: str) -> Fault:
    number, at, part = place
    return _fault(family, words, _inline(number, at, lambda _old: replace(part, text=text)))


def _numbers(report: Report) -> Iterator[Fault]:
    """A number in the prose that is not the one in the tables."""
    random = Random(601)
    for place in _spoken(report):
        code, text = place[2].figure, place[2].text
        if text.endswith("%"):
            continue
        digits = re.match(r"[\d.]+", text)
        assert digits
        whole, rest = digits.group(), text[digits.end() :]
        name = report.figures[code].name
        step = random.choice((-1, 1))
        last = str(int(whole[-1]) + step) if 0 <= int(whole[-1]) + step <= 9 else str(int(whole[-1]) - step)
        yield _retyped("文中数错一位", f"{name}的末位", place, whole[:-1] + last + rest)
        if len(whole) > 2 and whole[0] != whole[1]:
            yield _retyped("文中数颠倒", name, place, whole[1] + whole[0] + whole[2:] + rest)
        if rest[0] in "千万":
            yield _retyped("文中数漏单位", f"{name}漏“{rest[0]}”", place, whole + rest[1:])
            other = "万" if rest[0] == "千" else "千"
            yield _retyped("文中数漏单位", f"{name}的“{rest[0]}”写成“{other}”", place, whole + other + rest[1:])
        elif len(whole) > 3:
            yield _retyped("文中数漏单位", f"{name}多“万”", place, whole + "万" + rest)


def _changes(report: Report) -> Iterator[Fault]:
    """Percentages of last year, of another figure, or with the wrong word before them."""
    places = [place for place in _spoken(report) if place[2].text.endswith("%")]
    for place in places:
        number, at, part = place
        name = report.figures[part.figure].name
        for words, text in (
            ("整数位错", f"1{part.text}"),
            ("小数点后错一位", part.text[:-2] + "9%"),
            ("错一倍", f"2{part.text}"),
        ):
            if text != part.text:
                yield _retyped("增减比例", f"{name}，{words}", place, text)
        old = paragraphs(report)[number].inlines[at - 1].text
        turned = old.replace("增加", "降低").replace("减少", "增加").replace("降低", "减少")
        swap = _inline(number, at - 1, lambda _old, turned=turned: Text(turned))
        yield _fault("增减比例", f"{name}，增减写反", swap)
    for place, other in zip(places, places[1:] + places[:1], strict=True):
        if place[2].text != other[2].text:
            yield _retyped("增减比例", f"{report.figures[place[2].figure].name}，抄了另一项的", place, other[2].text)


def _parts(report: Report) -> Iterator[Fault]:
    """Numbers copied from the neighbour, and parts of a list left out or told twice."""
    places = [place for place in _spoken(report) if not place[2].text.endswith("%")]
    for place, other in pairwise(places):
        if place[0] == other[0] and place[2].text != other[2].text:
            yield _retyped("抄错一格", f"{report.figures[place[2].figure].name}处抄了下一个数", place, other[2].text)
    for number, at, part in places:
        member = part.figure.partition(".")[2]
        name = report.figures[part.figure].name
        if member and member != "total" and not part.figure.startswith(("incidents", "applications")):
            yield _fault("分项遗漏", f"漏了{name}", _edited(number, lambda p, at=at: _without(p, at)))


def _without(paragraph: Paragraph, at: int) -> Paragraph:
    """The paragraph without one number and its label, and without the comma between it and its neighbour."""
    kept = list(paragraph.inlines)
    before, behind = kept[at - 1].text, kept[at + 1].text
    cut = max(before.rfind(mark) for mark in "、，中") + 1
    first = before[cut - 1 : cut] != "、"
    kept[at - 1] = Text(before[:cut] if first else before[: cut - 1])
    kept[at + 1] = Text(behind.removeprefix("、") if first else behind)
    del kept[at]
    return Paragraph(tuple(kept))


def _years(report: Report) -> Iterator[Fault]:
    """One place in which last year's number of the year stayed."""
    for number, paragraph in enumerate(paragraphs(report)):
        begin = 0
        for at, part in enumerate(paragraph.inlines):
            for match in YEAR_SAID.finditer(paragraph.text, begin, begin + len(part.text) + 1):
                if isinstance(part, Number) or match.end() > begin + len(part.text):
                    continue
                wrong, place = str(int(match.group()) - 1), match.start() - begin
                text = part.text[:place] + wrong + part.text[place + len(wrong) :]
                start = paragraph.text[:10]
                words = f"第 {number + 1} 段“{start}…”的 {match.group()} 写成 {wrong}（{at}.{place}）"
                yield _fault("年份未改", words, _inline(number, at, lambda _old, text=text: Constant(text)))
            begin += len(part.text)
    old = report.title_line.replace(str(YEAR), str(YEAR - 1))
    yield _fault("年份未改", "标题", lambda whole: replace(whole, title=(old,)))


def _residue(report: Report) -> Iterator[Fault]:
    random = Random(602)
    count = len(paragraphs(report))
    for rubbish in RESIDUE:
        for number in random.sample(range(count), 2):
            yield _fault(
                "遗留文字", f"第 {number + 1} 段混入“{rubbish}”",
                _edited(number, lambda p, more=rubbish: Paragraph((*p.inlines[:-1], _stained(p.inlines[-1], more)))),
            )  # fmt: skip


def _stained(part: Inline, more: str) -> Inline:
    middle = len(part.text) // 2
    return Text(part.text[:middle] + more + part.text[middle:])


def _labels(report: Report) -> Iterator[Fault]:
    """Labels and titles in other words than the form's."""
    for old, new in RELABELLED.items():
        yield _fault(
            "名称不符", f"{old}印成{new}".replace("\n", ""), lambda whole, o=old, n=new: _relabelled(whole, o, n)
        )
    for number, section in enumerate(report.sections):
        for wrong in (section.title.replace("情况", "状况"), section.title[2:], f"{section.title}（续）"):
            if wrong != section.title:
                yield _fault(
                    "标题不符", f"“{section.title}”印成“{wrong}”", lambda w, n=number, t=wrong: _titled(w, n, t)
                )
    yield _fault("标题不符", "第二、三部分颠倒", _turned)
    yield _fault(
        "标题不符", "少第五部分", lambda whole: replace(whole, sections=(*whole.sections[:4], whole.sections[5]))
    )
    heading = "（七）业务工作情况"
    yield _fault("标题不符", "下级标题编号跳号", lambda whole: _headed(whole, "（六）业务工作情况", heading))


def _relabelled(report: Report, old: str, new: str) -> Report:
    def of(block: Block) -> Block:
        if not isinstance(block, StatutoryTable):
            return block
        cells = (
            replace(c, label=c.label.replace(old, new)) if c.role is not Role.NUMBER else c for c in block.form.cells
        )
        return replace(block, form=replace(block.form, cells=tuple(cells)))

    return replace(report, sections=tuple(replace(s, blocks=tuple(map(of, s.blocks))) for s in report.sections))


def _titled(report: Report, number: int, title: str) -> Report:
    return replace(
        report, sections=tuple(replace(s, title=title) if n == number else s for n, s in enumerate(report.sections))
    )


def _turned(report: Report) -> Report:
    one, two, three, *rest = report.sections
    return replace(report, sections=(one, three, two, *rest))


def _headed(report: Report, old: str, new: str) -> Report:
    def of(block: Block) -> Block:
        return replace(block, text=new) if isinstance(block, Heading) and block.text == old else block

    return replace(report, sections=tuple(replace(s, blocks=tuple(map(of, s.blocks))) for s in report.sections))
