"""Where numbers stand in a text: runs of digits and Chinese numerals, without the words that only look like numbers.

Knows nothing of figures; ``yearbook.ties.numerals`` says what a number means.
"""

import re
from dataclasses import dataclass

# Words of the language that count nothing. A word that could count something does not belong here.
IDIOMS = (
    # first, one, same
    *("第一责任人", "第一时间", "第一平台", "第一书记", "第一线", "第一位", "第一步", "第三方", "第三人"),
    *("进一步", "下一步", "一步到位", "统一", "一致", "一律", "唯一", "之一", "一般", "一体", "一定", "一些", "一旦"),
    *("一直", "一方面", "一系列", "一并", "一起", "一同", "一向", "一经", "一贯", "一一", "一再", "一味", "一度"),
    *("一带", "一流", "一切", "一概", "一道", "一时", "一面", "一旁", "一批", "一揽子", "一年来", "一年一度", "一次性"),
    *("逐一", "万一", "单一", "同一", "任一", "专一", "不一", "合一", "归一", "划一", "对一", "某一", "每一", "这一"),
    *("一如既往", "一目了然", "一以贯之", "一视同仁", "一丝不苟", "一应俱全", "一鼓作气", "一脉相承", "缺一不可"),
    # public administration
    *("一站式", "一体化", "一网通办", "一网统管", "一张网", "一件事", "一次办", "跑一次", "一窗", "一门", "一号申请"),
    *("一卡通", "一键", "一对一", "一把手", "一盘棋", "一张图", "一本账", "一查到底", "一抓到底", "一线", "一公开"),
    *("一岗双责", "三重一大", "一事一", "一人一", "一车一", "一案一", "一案双查", "一户一", "一企一", "一村一"),
    *("两个确立", "两个维护", "四个意识", "四个自信", "四个全面", "五位一体", "三会一课", "八项规定", "四风"),
    *("党的二十大", "党的十九大", "十四五", "十五五", "三公经费", "五公开", "六稳", "六保", "四不两直", "三定", "三农"),
    *("三安全一稳定", "两会", "两客一危", "两站两员", "四好农村路", "三轮", "两轮", "二轮", "四轮", "二手", "二维码"),
    # large and none, without a count
    *("十分", "十足", "十字路口", "百姓", "百花", "千方百计", "千家万户", "千头万绪", "万家", "万众", "万物", "万能"),
    *("万全", "万无一失", "成千上万", "零距离", "零容忍", "零门槛", "零星", "零售", "零件", "零部件", "零散"),
    # the capitals of cheques in ordinary words
    *("队伍", "入伍", "退伍", "陆续", "大陆", "陆地", "陆路", "登陆", "水陆", "收拾", "拾遗", "拾金", "拾得"),
)  # fmt: skip
_ONES = "一二三四五六七八九"
# Marks of an enumeration: 一、 （二） 三是 其四 ① ⑴ ㈠
_ENUMERATION = (
    rf"(?<![第\d{_ONES}十百千万])[{_ONES}](?=是)"
    rf"|(?:(?<=[，。；：、！？\s])|(?<![^\n]))[{_ONES}十]{{1,3}}(?=是|要(?![素点件])|、)"
    rf"|其[{_ONES}](?=[，是])|[（(][{_ONES}十]{{1,3}}[)）]|[①-⒛㈠-㈩㊀-㊉]|[Ⅰ-ⅿ](?=[、.．])"
)
_WORDS = "[零〇○一二两三四五六七八九十百千万亿廿卅]+"
# 陆 and 伍 are mostly no numbers: capitals count where two stand together or a measure word follows.
_CAPITALS = "[零〇壹贰貳叁參肆伍陆陸柒捌玖拾佰仟萬億]"
_FORMAL = rf"{_CAPITALS}{{2,}}[万亿]*|{_CAPITALS}(?:[万亿]+|(?=[元圆角分整件条个起辆人次项]))"
_DIGITS = r"\d(?:[\d,，.．]*\d)?[十百千万亿]*|[⁰¹²³⁴-⁹₀-₉½¼¾Ⅰ-ⅿ]+"
_HALF = "半数|一半|(?:过|近|大|多|折|减)半|翻番|翻倍"
_PLAIN = rf"{_FORMAL}|{_DIGITS}|{_WORDS}"
_NUMERAL = rf"{_HALF}|(?:{_PLAIN})分之(?:{_PLAIN})|{_PLAIN}"
_SCAN = re.compile(
    f"(?P<word>{'|'.join(sorted(map(re.escape, IDIOMS), key=len, reverse=True))}|{_ENUMERATION})|(?P<number>{_NUMERAL})"
)


@dataclass(frozen=True, slots=True)
class NumberWord:
    """A number as it stands in a text.

    Attributes:
        start: Index of its first character.
        text: Its digits and numerals, e.g. ``35万`` of ``35万余辆``.
    """

    start: int
    text: str

    @property
    def end(self) -> int:
        """Index behind its last character."""
        return self.start + len(self.text)


def number_words(text: str) -> tuple[NumberWord, ...]:
    """Every number in a text, in order; idioms such as 进一步 and marks of an enumeration are none.

    Digits of every script, Chinese numerals and their capitals, fractions (三分之一, 百分之五) and halves count.

    Args:
        text: A paragraph, heading or cell.
    """
    return tuple(
        NumberWord(match.start("number"), match["number"]) for match in _SCAN.finditer(text) if match["number"]
    )
