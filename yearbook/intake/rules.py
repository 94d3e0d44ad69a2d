"""What a column of a file may be cleaned of, and how each clean-up is told."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from yearbook.intake.grid import Cell

Value = Cell | Decimal

CLEAN_WORDS: Mapping[str, str] = {
    "blanks": "去掉首尾空白",
    "full_width": "全角字符改为半角",
    "dashes": "“-”“/”“无”等记号改为空",
    "notes": "去掉括注",
    "unit": "去掉或换算单位",
    "thousands": "去掉千分位",
    "text_dates": "文字写的日期改为日期",
    "serial_dates": "日期序列号改为日期",
    "end_of_day": "“24:00”记作当日最后一秒",
    "number_codes": "数值写的代码改为文字",
}


@dataclass(frozen=True, slots=True)
class Rules:
    """What one column of one file may be cleaned of.

    Attributes:
        clean: Names of the declared clean-ups, keys of ``CLEAN_WORDS``.
        unit: Unit that a number may carry, e.g. ``万元``; empty for none.
        bare: True where the header or the title gives the unit, so that numbers without one are in it too.
        plain_text: True for files in which everything is text; ISO dates are dates there.
        date_1904: True where serial dates count from 1904.
    """

    clean: Collection[str] = ()
    unit: str = ""
    bare: bool = False
    plain_text: bool = False
    date_1904: bool = False
