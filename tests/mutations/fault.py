"""What a seeded fault is, and what became of it.

A fault changes one thing in the clean material of one body, as people and systems really get it wrong. Its name is the
same in every run; chance comes from numbers written in the families, never from a clock.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from yearbook.report.model import Report

ROWS, LISTS, WAY, EXPORTS, FIGURES, TEXT = "来源的行", "代码表", "提取途中", "交来的表格", "表格数字", "文字"
GROUPS = (ROWS, LISTS, WAY, EXPORTS, FIGURES, TEXT)


@dataclass(frozen=True, slots=True)
class RowsChanged:
    """Other rows in one extract.

    Attributes:
        extract: Code of the extract.
        sql: The rows it then has, from ``rows`` and last year's ``before``; both have a running number ``n``.
        base: True where the base year's rows are changed.
    """

    extract: str
    sql: str
    base: bool = False


@dataclass(frozen=True, slots=True)
class ListChanged:
    """Another text of one code list.

    Attributes:
        name: Name of the list.
        edit: From the file's text to the wrong text.
    """

    name: str
    edit: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class LostOnTheWay:
    """A reader that does not hand over what the database answered.

    Attributes:
        extract: Code of the extract.
        spoil: From the number of a batch and its rows to the rows that arrive.
    """

    extract: str
    spoil: Callable[[int, list[list[object]]], list[list[object]]]


@dataclass(frozen=True, slots=True)
class FileChanged:
    """Another file in place of the one that was handed over.

    Attributes:
        source: Code of the source.
        spoil: Changes the files in a folder of copies.
    """

    source: str
    spoil: Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class CellsTyped:
    """Numbers of the statutory tables typed over.

    Attributes:
        cells: Printed number by figure code; empty text is a blank.
    """

    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class TextEdited:
    """The composed report edited.

    Attributes:
        edit: From the clean report to the wrong one.
    """

    edit: Callable[[Report], Report]


Act = RowsChanged | ListChanged | LostOnTheWay | FileChanged | CellsTyped | TextEdited


@dataclass(frozen=True, slots=True)
class Fault:
    """One seeded fault.

    Attributes:
        group: One of ``GROUPS``.
        family: What kind of mistake it is.
        words: Which one of its family.
        act: What it changes.
    """

    group: str
    family: str
    words: str
    act: Act

    @property
    def name(self) -> str:
        """The name it is cited by."""
        return f"{self.family}：{self.words}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a fault.

    Attributes:
        fault: The fault.
        caught: Codes of the rules that failed, in the order of a run; a refusal stands as ``拒绝``; empty where the
            fault got through.
        blocked: True where nothing would have been published.
        moved: True where a published number or sentence changed.
    """

    fault: Fault
    caught: tuple[str, ...]
    blocked: bool
    moved: bool

    @property
    def counts(self) -> bool:
        """False for a fault that breaks no rule and changes nothing that is published."""
        return self.moved or bool(self.caught)
