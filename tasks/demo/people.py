"""Synthetic persons and number plates: well-formed, and plainly nobody's.

Identity numbers begin with a region code that was never issued, telephone numbers with a number
range that was never handed out.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from tasks.demo.columns import Ints, Texts, dates, day_number, digits, join

_REGION = "360799"
_BIRTHS = (day_number(date(1946, 1, 1)), day_number(date(2004, 12, 31)))
_ORDERS = 999
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int64)
_CHECKS = np.array(list("10X98765432"))
# primes, so that multiplying by them visits every number of a range once in a scattered order
_STRIDE = 7_368_787
_PLATE_STRIDE = 15_485_863

_SURNAMES = np.array(list("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻"))
_GIVEN = np.array(list("安邦辰达恩方广海佳康岚明宁平启然山思泰文晓雅泽知芷舟梓远云逸欣微桐书容"))
_NO_SECOND = np.array(["", *_GIVEN.tolist()])
_PLATE_SIGNS = np.array(list("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"))


@dataclass(frozen=True)
class People:
    """Columns about persons: name, identity number, telephone."""

    name: Texts
    identity: Texts
    phone: Texts

    def take(self, rows: Ints) -> "People":
        """The persons at the given rows."""
        return People(self.name[rows], self.identity[rows], self.phone[rows])


def people(numbers: Ints) -> People:
    """The persons with the given running numbers; different numbers, different identities.

    Args:
        numbers: running numbers from 0.

    Returns:
        Their columns.
    """
    scattered = numbers * 2_654_435_761 % 2**32
    second = _NO_SECOND[scattered // 4096 % len(_NO_SECOND)]
    surname = _SURNAMES[scattered // 7 % len(_SURNAMES)]
    name = join(surname, _GIVEN[scattered // 131 % len(_GIVEN)], second)
    phone = join("1420", digits(scattered % 10_000_000, 7))
    return People(name, identities(numbers), phone)


def identities(numbers: Ints) -> Texts:
    """Identity numbers with a correct GB 11643 check character.

    Args:
        numbers: running numbers from 0.

    Returns:
        Texts of 18 characters, different for different numbers.
    """
    days = _BIRTHS[1] - _BIRTHS[0] + 1
    place = numbers * _STRIDE % (days * _ORDERS)
    born = np.char.replace(dates(np.arange(days, dtype=np.int64) + _BIRTHS[0]), "-", "")
    body = join(_REGION, born.astype("U8")[place // _ORDERS], digits(place % _ORDERS + 1, 3))
    figures = body.view(np.uint32).reshape(len(numbers), 17).astype(np.int64) - ord("0")
    return join(body, _CHECKS[figures @ _WEIGHTS % 11])


def plates(prefix: str, classes: Texts, numbers: Ints) -> Texts:
    """Number plates in the manner of each plate class.

    Args:
        prefix: province and office, e.g. two characters.
        classes: the plate classes (HPZL).
        numbers: running numbers within the class; different numbers, different plates.

    Returns:
        The plates.
    """
    signs = len(_PLATE_SIGNS)
    serial = numbers * _PLATE_STRIDE % signs**5
    four_digits = numbers * 7919 % signs**4
    columns = [_PLATE_SIGNS[serial // signs**power % signs] for power in (4, 3, 2, 1, 0)]
    short = [_PLATE_SIGNS[four_digits // signs**power % signs] for power in (3, 2, 1, 0)]
    plain = join(prefix, *columns)
    result = plain.astype(f"U{len(prefix) + 6}")
    for code, ending in {"15": "挂", "16": "学", "23": "警"}.items():
        result = np.where(classes == code, join(prefix, *short, ending), result)
    electric = np.isin(classes, ["51", "52"])
    return np.where(electric, join(prefix, "D", *columns), result)
