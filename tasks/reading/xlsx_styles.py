"""Which cell formats of an xlsx workbook make a number a date or a duration.

The library's own reading of styles fails on fills and fonts that other programs write, and looks are not needed.
"""

import zipfile

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from tasks.reading.faults import unreadable
from tasks.reading.found import damaged

_MEMBER = "xl/styles.xml"
# Dates and times that East Asian versions write by number alone; the library knows those of the American one.
_BUILTIN = {
    **BUILTIN_FORMATS,
    **dict.fromkeys((*range(27, 32), 36, *range(50, 55), 57, 58), "yyyy-mm-dd"),
    **dict.fromkeys((32, 33, 34, 35, 55, 56), "hh:mm:ss"),
}


def moments(archive: zipfile.ZipFile) -> tuple[set[int], set[int]]:
    """Numbers of the cell formats for dates, and of those for durations, which are among them.

    Raises:
        Refusal: The part is not well formed, or says two things under one number.
    """
    if _MEMBER not in archive.namelist():
        return set(), set()
    try:
        root = etree.fromstring(archive.read(_MEMBER), etree.XMLParser(resolve_entities=False, no_network=True))
        listed = [(int(node.get("numFmtId")), node.get("formatCode")) for node in root.iterfind("{*}numFmts/{*}numFmt")]
        used = [int(node.get("numFmtId", "0")) for node in root.iterfind("{*}cellXfs/{*}xf")]
    except (etree.XMLSyntaxError, ValueError, TypeError) as error:
        raise unreadable(error, "样式读不出来") from error
    own = dict(listed)
    if len(own) < len(set(listed)):
        raise damaged("样式里一个数字格式编号有两种写法")
    codes = [own.get(number, _BUILTIN.get(number)) for number in used]
    dates = {index for index, code in enumerate(codes) if is_date_format(code)}
    return dates, {index for index in dates if is_timedelta_format(codes[index])}
