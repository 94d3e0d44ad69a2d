"""Where numbers stand in a text: runs of digits and Chinese numerals, without the words that only look like numbers.

Knows nothing of figures; ``yearbook.ties.numerals`` says what a number means.
"""

import re
from dataclasses import dataclass

# Words of the language that count nothing. A word that could count something does not belong here.
IDIOMS = (
    "第一责任人", "第一时间", "第一平台", "进一步", "统一", "一致", "一律", "唯一", "之一", "一般", "一体", "一定", "一些",
    "一旦", "一直", "一方面", "另一方面", "一系列", "一并", "一起", "一同", "一如既往", "一站式", "一网通办", "逐一", "万一",
    "十分", "百姓", "千方百计", "三安全一稳定", "一经", "一贯", "一一", "单一", "同一", "任一", "专一", "一线", "一次性",
    "一目了然", "一以贯之", "不一", "第三方",
)  # fmt: skip
# Marks of an enumeration: 一、 （二） 三是 其四
_ENUMERATION = r"(?<![第\d])[一二三四五六七八九十]{1,3}(?=是|要|、)|其[一二三四五六七八九](?=[，是])|[（(][一二三四五六七八九十]{1,3}[)）]"
_NUMERAL = r"[0-9０-９](?:[0-9０-９,，.．]*[0-9０-９])?[十百千万亿]*|[零〇○一二两三四五六七八九十百千万亿]+"
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

    Args:
        text: A paragraph, heading or cell.
    """
    return tuple(
        NumberWord(match.start("number"), match["number"]) for match in _SCAN.finditer(text) if match["number"]
    )
