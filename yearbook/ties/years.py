"""Which year a sentence should speak of: the report year, in plans the next, in comparisons any other.

A year in the name or date of a law, or told as history, is no statement about the report and is not judged. What is
left and is not the year it should be is most often a sentence left over from last year's text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yearbook.catalog import Tie
from yearbook.ties.answer import answer
from yearbook.ties.passages import Document, sentences, spot
from yearbook.verdict import Status, Verdict

TITLE = "标题"
_FIGURES = {character: str(value) for value, character in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0"}
_WIDE = str.maketrans(",;:()<>", "，；：（）〈〉")
_YEAR = re.compile(r"(?<!\d)(20\d\d|二[〇○零][〇○零一二三四五六七八九]{2})年")
_FIRST_DAY, _LAST_DAY = r"0?1月0?1日", r"12月31日"
_PERIOD = re.compile(rf"(20\d\d)年{_FIRST_DAY}(?:[零0]时)?起?，?(?:至|到|—|－|-|~)+(?:(20\d\d)年)?{_LAST_DAY}")
_SEVERAL_YEARS = re.compile(r"20\d\d年?(?:至|到|—|－|-|–|~)+20\d\d年(?!\d*月)")
# A law by its date, its number or its name behind it.
_OF_A_LAW = re.compile(
    r"(?:\d{1,2}月(?:\d{1,2}日)?)?(?:第.{1,3}次)?起?(?:施行|修订|修正|版)"
    r"|(?:\d{1,2}月(?:\d{1,2}日)?)?(?:印发|发布|公布|出台|制定|颁布|转发)的?《|第?\d+号"
)
_BEFORE_COMPARED = re.compile(
    r"(?:比|较|与|和|同|及|、|对比|相比|超|超过|高于|低于|少于|多于|自|从|由|始于|早在|追溯到|不如)$"
)
_AFTER_COMPARED = re.compile(
    r"(?:度|全年|年度)?(?:同期|同比|相比|以来|起|开始|结转|为零|无可比|基本?持平|基数)"
    r"|[^，。；]{0,12}(?:相比|持平|同期|结转|转入)"
)
# What in one year is made, judged or published about the year before.
_ABOUT_LAST_YEAR = re.compile(
    r"[^，。；、]{0,20}(?:年度报告|工作报告|年报|决算|考核|考评|评估|测评|评议|总结|审计|获评|被评|荣获)"
)
_LAST_YEAR_PUBLISHED = re.compile(r"(?:公开|发布|公布|编制|报送|完成)了?$")
_ABOUT_NEXT_YEAR = re.compile(r"度?[^，。；]{0,10}(?:预算|计划|要点|目标|任务|方案)|0?[1-4一二三四]月")
# 现公布某局2022年…年度报告: the report speaks of itself, wherever that sentence stands.
_ITSELF = re.compile(r"现(?:公布|发布|公开|将|编制|向社会)[^，。；]{0,30}$")
_PLANNED = re.compile(r"将|拟|计划|下一?步|下阶段|继续|改进|力争|争取|着力|加强|重点|努力")
_INTO_NEXT_YEAR = re.compile(r"(?:结转|顺延|延续|延期|转入|延至)[^，。；]{0,4}$")
_FAR = re.compile(r"(?:到|至|力争|展望|在|“)$")
_FAR_AFTER = re.compile(r"底?前|规划|远景|目标|底")
_COMPARED_WITH = re.compile(r"(?:比|较)$")
_PLAN_BEGINS = re.compile(r"，?[^，。；]{0,12}将(?:从以下|着重|切实|重点|继续|进一步|着力|着眼)")
IMPROVING = "改进"


@dataclass(frozen=True, slots=True)
class _Said:
    """One year in a sentence, with what stands around it."""

    year: int
    before: str
    after: str
    sentence: str
    section: str
    span: tuple[int, int]


def judge_years(tie: Tie, document: Document, *, year: int) -> list[Verdict]:
    """Title, period and sentences name the year they should.

    Args:
        tie: The rule.
        document: The report.
        year: Report year.

    Returns:
        One verdict per wrong year, and one for all that are right.
    """
    breaches: list[Verdict] = []
    right = 0
    for said, place in _all_years(document):
        expected = year if said.section == TITLE else _expected_year(said, year)
        if expected is None:
            continue
        if expected == said.year:
            right += 1
        else:
            breaches.append(
                answer(
                    tie,
                    Status.FAILED,
                    place=place,
                    evaluated=1,
                    expected=f"{expected}年",
                    found=f"{said.year}年",
                    difference=str(said.year - expected),
                )
            )
    if right:
        return [*breaches, answer(tie, Status.PASSED, place="标题和正文中的年份", evaluated=right)]
    return breaches or [answer(tie, Status.NOT_EVALUATED, place="标题和正文中的年份", evaluated=0, detail="没有写年份")]


def _all_years(document: Document) -> Iterator[tuple[_Said, str]]:
    for said in _years(document.title, TITLE):
        yield said, TITLE
    for passage in document.passages:
        for sentence in sentences(passage.text):
            for said in _years(sentence, passage.section):
                yield said, spot(passage.section, sentence)


def _years(sentence: str, section: str) -> Iterator[_Said]:
    text = re.sub(r"\s", "", sentence).translate(_WIDE)
    for match in _YEAR.finditer(text):
        year = int("".join(_FIGURES.get(character, character) for character in match[1]))
        yield _Said(year, text[: match.start()], text[match.end() :], text, section, match.span())


def _expected_year(said: _Said, year: int) -> int | None:
    """The year that should stand there; None where the sentence says nothing about the report.

    Args:
        said: The year and what stands around it.
        year: Report year.
    """
    for period in _PERIOD.finditer(said.sentence):
        if _within(said, period) and int(period[2] or period[1]) - int(period[1]) <= 1:
            return year
    if _ITSELF.search(said.before):
        return year
    if _is_no_statement(said):
        return None
    if said.year == year:
        return _misplaced(said, year)
    return _expected_later(said, year) if said.year > year else _expected_earlier(said, year)


def _within(said: _Said, match: re.Match[str]) -> bool:
    return match.start() <= said.span[0] and said.span[1] <= match.end()


def _is_no_statement(said: _Said) -> bool:
    """True in the name of a document, in the date of a law, and in a span of several years."""
    named = any(said.before.rfind(mark) > said.before.rfind(end) for mark, end in ("《》", "〈〉"))
    dated = _OF_A_LAW.match(said.after) or re.search(r"》[（(]?[于自]?$", said.before)
    several = any(_within(said, match) for match in _SEVERAL_YEARS.finditer(said.sentence))
    return named or bool(dated) or several


def _misplaced(said: _Said, year: int) -> int:
    """The report year itself: wrong where it is compared with itself, or where plans begin."""
    if _COMPARED_WITH.search(said.before) and not said.after.startswith("初"):
        return year - 1
    if IMPROVING in said.section and _PLAN_BEGINS.match(said.after):
        return year + 1
    return year


def _expected_later(said: _Said, year: int) -> int | None:
    if said.year == year + 1:
        if _ABOUT_NEXT_YEAR.match(said.after):
            return None
        planned = _PLANNED.search(said.sentence) or _INTO_NEXT_YEAR.search(said.before)
        return said.year if planned or IMPROVING in said.section else year
    return None if _FAR.search(said.before) or _FAR_AFTER.match(said.after) else year


def _expected_earlier(said: _Said, year: int) -> int | None:
    if _BEFORE_COMPARED.search(said.before) or _AFTER_COMPARED.match(said.after):
        return None
    if not said.section:
        return year
    if said.year == year - 1 and _is_about_last_year(said):
        return None
    # 2022年为31起，2023年为22起: two years side by side; a year with a comma behind it opens the whole sentence
    beside = any(other.year == year for other in _years(said.sentence, said.section))
    return None if beside and not said.after.startswith("，") else year


def _is_about_last_year(said: _Said) -> bool:
    published = _LAST_YEAR_PUBLISHED.search(said.before) and re.match("度(?!.{0,8}预算)", said.after)
    return bool(_ABOUT_LAST_YEAR.match(said.after) or published)
