"""A value that knows where it comes from. Everything printed is a Figure, nothing else is.

A figure does not know how it is worded; ``yearbook.wording`` does, by the catalogue's policy it carries.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Self

from yearbook.change import Change, compare
from yearbook.errors import Refusal
from yearbook.quantity import Exact, Unit, require_exact


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One published quantity with its lineage.

    Attributes:
        code: ``indicator.member…``, stable over the years.
        name: Statutory Chinese name, ``指标·分项``.
        label: Name of the member alone, as a row label.
        value: Exact value in ``unit``.
        unit: Unit of ``value``; printing may convert it (元 to 万元).
        wording: How the number is printed: policy name of the catalogue entry.
        definition: What is counted, in words.
        basis: Legal basis, in words.
        base: Exact value of the year before, same unit and definition; None where none exists.
        sql_name: The query's file under ``sql/``.
        sql_digest: SHA-256 of the query's text.
        snapshots: SHA-256 of every snapshot the query read.
        row_count: Rows counted into the value.
        base_row_count: Rows counted into the base.
        rows_read: Rows of the snapshots the query read, counted or not; a zero rests on them.
        may_be_empty: True where a source without any row is a nil return, proved by the file or answer itself.
        rules: Codes of the rules that guard it, expectations and tie-outs.
        open_findings: Codes of those rules that did not pass.
    """

    code: str
    name: str
    label: str
    value: Exact
    unit: Unit
    wording: str
    definition: str
    basis: str
    sql_name: str
    sql_digest: str
    snapshots: tuple[str, ...]
    row_count: int
    base: Exact | None = None
    base_row_count: int | None = None
    rows_read: int = 0
    may_be_empty: bool = False
    rules: tuple[str, ...] = ()
    open_findings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse anything inexact at the door."""
        require_exact(self.value, what=self.code)
        if self.base is not None:
            require_exact(self.base, what=f"{self.code} (base)")

    @property
    def indicator(self) -> str:
        """Code of the catalogue entry."""
        return self.code.partition(".")[0]

    @property
    def change(self) -> Change:
        """The figure against its base."""
        return compare(self.value, self.base)


class Figures(Mapping[str, Figure]):
    """All figures of one report by code, in catalogue order. Immutable."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self._by_code: dict[str, Figure] = {}
        for figure in figures:
            if figure.code in self._by_code:
                raise ValueError(f"two figures with the code {figure.code}")
            self._by_code[figure.code] = figure
        self._by_name = {figure.name: figure for figure in self._by_code.values()}

    def __getitem__(self, code: str) -> Figure:
        """Figure by code or by its Chinese name.

        Raises:
            Refusal: No figure has that code or name.
        """
        figure = self._by_code.get(code) or self._by_name.get(code)
        if figure is None:
            raise Refusal(f"没有名为“{code}”的数字", todo="在指标字典（docs/dictionary.md）中查正确的名称")
        return figure

    def __contains__(self, code: object) -> bool:
        """True for a known code."""
        return code in self._by_code

    def __iter__(self) -> Iterator[str]:
        """Codes in catalogue order."""
        return iter(self._by_code)

    def __len__(self) -> int:
        """Number of figures."""
        return len(self._by_code)

    def parts(self, indicator: str) -> tuple[Figure, ...]:
        """All figures of one indicator, totals included, in catalogue order."""
        return tuple(f for f in self._by_code.values() if f.indicator == indicator)

    def guarded(self, rules: Mapping[str, tuple[str, ...]], findings: Mapping[str, tuple[str, ...]]) -> Self:
        """The same figures, each with the rules that guard it and those that did not pass."""
        return type(self)(
            replace(f, rules=rules.get(f.code, ()), open_findings=findings.get(f.code, ()))
            for f in self._by_code.values()
        )
