"""One cell as a value of its column: the declared clean-ups, and what still does not fit.

Nothing is guessed: a clean-up that the contract does not declare is not made, and what then does not fit is a misfit.
Every clean-up that changed something is told by name, so that the run can list it.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from yearbook.catalog import Column
from yearbook.intake.days import to_date, to_moment
from yearbook.intake.grid import Cell, Odd
from yearbook.intake.rules import Rules, Value
from yearbook.quantity import FLOAT_LIMIT, YUAN_PER_WAN_YUAN, yuan

TYPE_WORDS: Mapping[str, str] = {
    "text": "文字",
    "code": "代码（文字）",
    "integer": "整数",
    "money": "两位小数以内的金额",
    "date": "日期（年-月-日）",
    "moment": "时刻（年-月-日 时:分:秒）",
}
# From here on a spreadsheet's number no longer holds every digit.
UNSAFE_NUMBER = 10**15
DASHES = frozenset({"-", "--", "—", "——", "–", "－", "/", "／", "无"})
# What a spreadsheet makes of a long identifier; plates such as 12E3 carry no sign.
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?E\+[0-9]+", re.ASCII | re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?", re.ASCII)
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", re.ASCII)
_NOTE = re.compile(r"(?P<value>[^（(]+)(（[^（）]*）|\([^()]*\))", re.DOTALL)


def cleaned(cell: Cell, column: Column, rules: Rules) -> tuple[Value, tuple[str, ...]]:
    """The value of a cell after the declared clean-ups.

    Args:
        cell: As the readers found it.
        column: Its contract.
        rules: What is declared.

    Returns:
        The value, and the names of the clean-ups that changed it. A text that could not be made a value of the
        column stays as it is; ``misfit`` then tells so.
    """
    used: list[str] = []
    value: Value = cell
    if isinstance(value, str) and column.type != "text":
        value = _plain(value, rules, used, letters_only=column.type == "code")
    if value is None:
        return None, tuple(used)
    value = _READERS[column.type](value, rules, used)
    return value, tuple(used)


def misfit(value: Value, column: Column) -> str:
    """Why a cleaned value is no value of its column, in words; empty where it is one."""
    if isinstance(value, Odd):
        return f"是{value.value}"
    if value is None:
        return "为空，契约要求必填" if column.required else ""
    if column.type == "code" and isinstance(value, str) and _SCIENTIFIC.fullmatch(value.strip()):
        return "是科学计数法，位数已经丢失，须以文字保存"
    if column.type == "code" and isinstance(value, int | float) and not isinstance(value, bool):
        if abs(value) >= UNSAFE_NUMBER:
            return "是数值，位数已经丢失，须以文字保存"
        return "是数值，不是代码（文字），开头的零可能已经丢失"
    return "" if _fits(value, column.type) else f"的值不是 {TYPE_WORDS[column.type]}"


def _fits(value: Value, kind: str) -> bool:
    if isinstance(value, bool):
        return False
    match kind:
        case "integer":
            return isinstance(value, int)
        case "money":
            return isinstance(value, Decimal)
        case "date":
            return type(value) is date
        case "moment":
            return isinstance(value, datetime)
    return isinstance(value, str)


def _plain(text: str, rules: Rules, used: list[str], *, letters_only: bool) -> str | None:
    """Blanks, full-width characters and dashes, in this order; None for what stands for nothing.

    Codes keep their full-width signs: the brackets of 案号 are written so.
    """
    if not text.strip():
        return None
    narrow = half_width_letters if letters_only else half_width
    for name, change in (("blanks", str.strip), ("full_width", narrow)):
        if name in rules.clean and (changed := change(text)) != text:
            used.append(name)
            text = changed
    if "dashes" in rules.clean and text in DASHES:
        used.append("dashes")
        return None
    return text


def half_width(text: str) -> str:
    """Full-width letters, digits and signs as their half-width twins; other characters stay."""
    return "".join(_narrow(character) for character in text)


def half_width_letters(text: str) -> str:
    """Full-width letters and digits as their half-width twins; signs stay."""
    return "".join(_narrow(character) if _narrow(character).isalnum() else character for character in text)


def _narrow(character: str) -> str:
    if "！" <= character <= "～":
        return chr(ord(character) - ord("！") + ord("!"))
    return " " if character == "\u3000" else character


def _text(value: Value, _rules: Rules, _used: list[str]) -> Value:
    return value


def _code(value: Value, rules: Rules, used: list[str]) -> Value:
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) < UNSAFE_NUMBER
    if whole and "number_codes" in rules.clean:
        used.append("number_codes")
        return str(value)
    return value


def _integer(value: Value, rules: Rules, used: list[str]) -> Value:
    if not isinstance(value, str):
        # a whole number that a spreadsheet keeps in 15 digits is no longer known to be this one
        return value if not isinstance(value, int) or abs(value) < UNSAFE_NUMBER else float(value)
    mine: list[str] = []
    number = _number(value, rules, mine)
    # 2.0 is a measurement where a count was agreed
    if number is None or number.as_tuple().exponent != 0:
        return value
    used += mine
    return int(number)


def _money(value: Value, rules: Rules, used: list[str]) -> Value:
    """Yuan with two decimals; what is no such amount stays as it is."""
    mine: list[str] = []
    amount = _number(value, rules, mine) if isinstance(value, str) else _amount(value, rules, mine)
    try:
        exact = yuan(amount)
    except (ValueError, InvalidOperation):
        return value
    used += mine
    return exact


def _amount(value: Value, rules: Rules, used: list[str]) -> Value:
    """An amount that the file keeps as a number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < FLOAT_LIMIT:
        return None
    if rules.bare and rules.unit == "万元":
        used.append("unit")
        # 15 digits, as the spreadsheet shows them, before the unit moves the point
        return Decimal(format(value, ".15g") if isinstance(value, float) else value) * YUAN_PER_WAN_YUAN
    return value


def _number(text: str, rules: Rules, used: list[str]) -> Decimal | None:
    """A number in a text, without the note, the unit and the thousands separators that are declared."""
    found: list[str] = []
    factor = YUAN_PER_WAN_YUAN if rules.bare and rules.unit == "万元" else 1
    if "notes" in rules.clean and (noted := _NOTE.fullmatch(text)):
        found.append("notes")
        text = noted["value"].strip()
    if rules.unit and text.endswith(rules.unit):
        found.append("unit")
        text = text.removesuffix(rules.unit).strip()
        factor = YUAN_PER_WAN_YUAN if rules.unit == "万元" else 1
    if "thousands" in rules.clean and _GROUPED.fullmatch(text):
        found.append("thousands")
        text = text.replace(",", "")
    if not _NUMBER.fullmatch(text):
        return None
    used += found
    return Decimal(text) * factor


_READERS: Mapping[str, Callable[[Value, Rules, list[str]], Value]] = {
    "text": _text,
    "code": _code,
    "integer": _integer,
    "money": _money,
    "date": to_date,
    "moment": to_moment,
}
