"""A run against the edition before it: which figures, rows and inputs differ, exactly and by name.

A late row, a corrected rule and a newer program are told in the same way. The one thing judged is whether a reader
of the report would see a difference, for then somebody has to say why.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, Inexact, localcontext

from yearbook.quantity import Exact, plain

Inputs = Mapping[str, Mapping[str, str]]
"""Everything a run was given: kind → name → digest, version or words. Its digest is the key of the run."""

ROWS, SNAPSHOT = "rows", "snapshot"
OPENING = "标题和前言"
# Kinds in the order they are told. Rows are told beside their snapshot; what was asked for never differs.
KINDS = {
    SNAPSHOT: "快照",
    "received": "收到的文件",
    "reader": "读取方式",
    "normalised": "读入时的规范化",
    "notes": "读取时的提示",
    "sql": "查询和目录",
    "rule": "规则",
    "wording": "行文",
    "word": "文书模板",
    "font": "字体",
    "agency": "机构设置",
    "rounding": "修约规则",
    "calendar": "期限、豁免和以前各年版次",
    "program": "程序",
    "library": "软件",
}
# Every digit of a difference is kept; a difference that would need more is an error, never a rounded number.
DIFFERENCE_DIGITS = 200


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure as a run counted it.

    Attributes:
        name: Its Chinese name.
        value: Exact value.
        unit: Unit of value and base.
        base: Exact value of the year before; None where there is none.
    """

    name: str
    value: Exact
    unit: str
    base: Exact | None = None

    def same(self, other: "Counted") -> bool:
        """True where both say the same number; a new name is no new number."""
        return (self.value, self.unit, self.base) == (other.value, other.unit, other.base)


@dataclass(frozen=True, slots=True)
class Account:
    """What a run counted, and from what.

    Attributes:
        key: Key of the run.
        figures: Figures by code, in catalogue order.
        inputs: What it was given; None where an earlier program did not keep that.
    """

    key: str
    figures: Mapping[str, Counted]
    inputs: Inputs | None


@dataclass(frozen=True, slots=True)
class FigureDifference:
    """A figure that is not what it was; one of the two sides is None where it is new or gone."""

    code: str
    then: Counted | None
    now: Counted | None

    @property
    def name(self) -> str:
        """The newer name."""
        side = self.now or self.then
        return side.name if side else self.code

    @property
    def difference(self) -> Exact | None:
        """Value now less value then; None where there are no two values of one unit."""
        if self.then is None or self.now is None or self.then.unit != self.now.unit:
            return None
        return _less(self.now.value, self.then.value)

    @property
    def base_difference(self) -> Exact | None:
        """Base now less base then; None where there are no two bases of one unit."""
        if self.then is None or self.now is None or self.then.unit != self.now.unit:
            return None
        if self.then.base is None or self.now.base is None:
            return None
        return _less(self.now.base, self.then.base)

    @property
    def words(self) -> str:
        """One line for the terminal: what it was and what it is."""
        if self.then is None or self.now is None:
            verb, side = ("新增", self.now) if self.then is None else ("不再有，原为", self.then)
            return f"{self.name}：{verb} {_said(side.value, side.unit)}" if side else self.name
        if (self.then.value, self.then.unit) == (self.now.value, self.now.unit):
            bases = (_said(side.base, side.unit) for side in (self.then, self.now))
            return f"{self.name}：上年基数 {' → '.join(bases)}"
        values = (_said(side.value, side.unit) for side in (self.then, self.now))
        return f"{self.name}：{' → '.join(values)}"


@dataclass(frozen=True, slots=True)
class RowDifference:
    """One extract then and now, also where nothing differs.

    Attributes:
        role: ``report`` or ``base``.
        source: Source code.
        extract: Extract code.
        year: Year it was asked for.
        then: Rows in the edition before; None where it had no such extract.
        now: Rows; None where there is no such extract any more.
        same: True where both are the same snapshot, byte for byte.
    """

    role: str
    source: str
    extract: str
    year: str
    then: int | None
    now: int | None
    same: bool

    @property
    def difference(self) -> int | None:
        """Rows now less rows then; None where one of them is missing."""
        return None if self.then is None or self.now is None else self.now - self.then


@dataclass(frozen=True, slots=True)
class InputDifference:
    """Something the run was given that is not what it was; None on the side where it is absent."""

    kind: str
    name: str
    then: str | None
    now: str | None

    @property
    def label(self) -> str:
        """The kind in words."""
        return KINDS.get(self.kind, self.kind)


@dataclass(frozen=True, slots=True)
class TextDifference:
    """A sentence or heading that is not what it was; None on the side where it is absent."""

    section: str
    then: str | None
    now: str | None

    @property
    def place(self) -> str:
        """Title of the section in words; what stands before section one has none."""
        return self.section or OPENING


@dataclass(frozen=True, slots=True)
class Revision:
    """What a run changes against an edition.

    Attributes:
        edition: Number of the edition it is held against.
        key_then: Run key of that edition.
        key_now: Run key of this run.
        figures: Figures that differ, in catalogue order, those that are gone last.
        rows: Every extract; empty where the edition did not keep its inputs.
        inputs: Inputs that differ; None where the edition did not keep its inputs.
        texts: Sentences and headings that differ, in reading order.
        reason: Why a person had it corrected; empty where nothing that is read differs, or where nobody said why.
    """

    edition: int
    key_then: str
    key_now: str
    figures: tuple[FigureDifference, ...]
    rows: tuple[RowDifference, ...]
    inputs: tuple[InputDifference, ...] | None
    texts: tuple[TextDifference, ...] = ()
    reason: str = ""

    @property
    def differs(self) -> bool:
        """True where a reader of the report would see a difference; a newer program alone makes none."""
        return bool(self.figures or self.texts)

    @property
    def waits(self) -> bool:
        """True where nothing may be published before a person says why."""
        return self.differs and not self.reason

    @property
    def title(self) -> str:
        """The comparison in a clause."""
        changed = f"{len(self.figures)} 个数字有变化" if self.figures else "数字没有变化"
        if self.texts:
            changed += f"，{len(self.texts)} 处文字有变化"
        return f"与第 {self.edition} 版相比，{changed}"

    @property
    def causes(self) -> str:
        """Kinds of inputs that differ, in words."""
        if self.inputs is None:
            return f"第 {self.edition} 版由较早的程序做出，没有登记材料清单，无法逐项比较材料和规则"
        kinds = dict.fromkeys(difference.label for difference in self.inputs)
        return f"与该版不同的有：{'、'.join(kinds)}" if kinds else "材料、规则和程序都与该版相同"

    def lines(self, limit: int) -> list[str]:
        """The first changed figures, one line each, and how many more there are."""
        shown = [difference.words for difference in self.figures[:limit]]
        rest = len(self.figures) - len(shown)
        return [*shown, f"另有 {rest} 个"] if rest else shown

    def text_lines(self) -> list[str]:
        """The sections whose words differ, one line each."""
        counts = Counter(difference.place for difference in self.texts)
        return [f"{place}：{count} 处文字" for place, count in counts.items()]


def compare(then: Account, now: Account, *, edition: int) -> Revision:
    """Hold a run against an edition.

    Args:
        then: What the edition's run counted.
        now: What this run counted.
        edition: Number of the edition.
    """
    known = then.inputs is not None and now.inputs is not None
    return Revision(
        edition=edition,
        key_then=then.key,
        key_now=now.key,
        figures=tuple(_figures(then.figures, now.figures)),
        rows=tuple(_rows(then.inputs or {}, now.inputs or {})) if known else (),
        inputs=tuple(_inputs(then.inputs or {}, now.inputs or {})) if known else None,
    )


def _figures(then: Mapping[str, Counted], now: Mapping[str, Counted]) -> Iterable[FigureDifference]:
    for code in (*now, *sorted(then.keys() - now.keys())):
        before, after = then.get(code), now.get(code)
        if before is None or after is None or not before.same(after):
            yield FigureDifference(code, before, after)


def _rows(then: Inputs, now: Inputs) -> Iterable[RowDifference]:
    before, after = then.get(ROWS, {}), now.get(ROWS, {})
    for name in (*after, *sorted(before.keys() - after.keys())):
        role, source, extract, year = name.split("/")
        digests = (then.get(SNAPSHOT, {}).get(name), now.get(SNAPSHOT, {}).get(name))
        was, is_now = (int(side[name]) if name in side else None for side in (before, after))
        yield RowDifference(role, source, extract, year, was, is_now, same=digests[0] == digests[1])


def _inputs(then: Inputs, now: Inputs) -> Iterable[InputDifference]:
    others = sorted((then.keys() | now.keys()) - KINDS.keys() - {ROWS})
    for kind in (*KINDS, *others):
        before, after = then.get(kind, {}), now.get(kind, {})
        for name in sorted(before.keys() | after.keys()):
            if before.get(name) != after.get(name):
                yield InputDifference(kind, name, before.get(name), after.get(name))


def _less(now: Exact, then: Exact) -> Exact:
    """An exact difference.

    Raises:
        Inexact: The difference has more digits than are kept.
    """
    if isinstance(now, int) and isinstance(then, int):
        return now - then
    with localcontext(prec=DIFFERENCE_DIGITS) as context:
        context.traps[Inexact] = True
        return Decimal(now) - Decimal(then)


def _said(value: Exact | None, unit: str) -> str:
    return "无" if value is None else f"{plain(value)}{unit}"
