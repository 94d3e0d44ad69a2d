"""What a reader of the draft must explain: changes out of the ordinary and differences that nobody has explained.

A question says what changed by how much, which parts contributed most, and where the answer is to be written.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from yearbook.catalog import Explanation, Tie
from yearbook.change import Kind, contribution
from yearbook.figure import Figure, Figures
from yearbook.quantity import plain
from yearbook.report.html import grouped
from yearbook.verdict import Status, Verdict
from yearbook.wording import percent_text

OUTLIER, EQUATION = "outlier", "equation"
MOST_PARTS = 3


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to explain.

    Attributes:
        rule: Code of the rule that asks.
        figure: Code of the figure it is about.
        name: The figure's name.
        what: What is out of the ordinary.
        parts: What contributed most; empty where nothing is known of parts.
        answer: Where the explanation is to be written.
    """

    rule: str
    figure: str
    name: str
    what: str
    parts: str
    answer: str

    @property
    def text(self) -> str:
        """The whole question in one paragraph."""
        parts = f"{self.parts}。" if self.parts else ""
        return f"{self.rule}：{self.what}。{parts}请说明原因：{self.answer}。"


def questions(
    open_findings: Iterable[Verdict],
    *,
    ties: Iterable[Tie],
    explanations: Iterable[Explanation],
    figures: Figures,
    body: str,
    year: int,
    template: str,
    lines: Mapping[str, int],
) -> tuple[Question, ...]:
    """What still has to be explained.

    Args:
        open_findings: Findings of the newest run that nobody has decided.
        ties: Rules between figures; those on changes and equations ask for explanations.
        explanations: What is explained for this body and year.
        figures: The figures of that run.
        body: Code of the body.
        year: Report year.
        template: File name of the wording template.
        lines: Line of the template that prints a figure, by code.
    """
    kinds = {tie.code: tie.kind for tie in ties}
    said = [(entry.rule, entry.cell) for entry in explanations]
    found = []
    for verdict in open_findings:
        kind = kinds.get(verdict.code)
        known = [code for code in verdict.figures if code in figures]
        explained = any((rule, code) in said for code in known for rule in (verdict.code, ""))
        if verdict.status is Status.FAILED and kind in {OUTLIER, EQUATION} and known and not explained:
            figure = figures[known[0]]
            where = f"{template} 第 {lines[figure.code]} 行" if figure.code in lines else template
            asked = _outlier if kind == OUTLIER else _difference
            what, parts = asked(verdict, figure, figures)
            answer = _answer(verdict, figure, body, year, where, in_catalogue=kind == EQUATION)
            found.append(Question(verdict.code, figure.code, figure.name, what, parts, answer))
    return tuple(found)


def _outlier(verdict: Verdict, figure: Figure, figures: Figures) -> tuple[str, str]:
    unit, change = figure.unit.value, figure.change
    base = "无" if figure.base is None else f"{grouped(figure.base)}{unit}"
    percent = f"（{percent_text(change)}）" if change.percent is not None else ""
    moved = f"，{_moved(figure)}{percent}" if change.difference else ""
    limit = f"；通常{verdict.expected}" if verdict.expected else ""
    what = f"{figure.name}本年{grouped(figure.value)}{unit}，上年{base}{moved}{limit}"
    return what, _parts(figure, figures)


def _difference(verdict: Verdict, figure: Figure, figures: Figures) -> tuple[str, str]:
    del figure, figures
    held = f"：{verdict.found}，应 {verdict.expected}" if verdict.found and verdict.expected else ""
    off = f"，相差 {verdict.difference}" if verdict.difference else ""
    return f"{verdict.say.rstrip('。')}；{verdict.place}{held}{off}", ""


def _moved(figure: Figure) -> str:
    difference = figure.change.difference or 0
    verb = "增加" if difference > 0 else "减少"
    return f"{verb}{grouped(max(difference, -difference))}{figure.unit.value}"


def _parts(whole: Figure, figures: Figures) -> str:
    """The parts that moved most, with the percentage points they add to the change of the whole."""
    if whole.code != f"{whole.indicator}.total":
        return ""
    moved = [f for f in figures.parts(whole.indicator) if f.code != whole.code and f.change.difference]
    moved.sort(key=lambda f: abs(Decimal(f.change.difference or 0)), reverse=True)
    told = "、".join(f"{f.label}{_moved(f)}{_points(f, whole)}" for f in moved[:MOST_PARTS])
    return f"变化主要来自{told}" if told else ""


def _points(part: Figure, whole: Figure) -> str:
    points = contribution(part.change, whole.change)
    if points is None or whole.change.kind is Kind.FROM_ZERO:
        return ""
    return f"（{'+' if points > 0 else ''}{plain(points)}个百分点）"


def _answer(verdict: Verdict, figure: Figure, body: str, year: int, where: str, *, in_catalogue: bool) -> str:
    """Where the explanation goes; an equation's stands in the catalogue, a change's in the text."""
    if in_catalogue:
        amount = f"，amount = {verdict.difference}" if verdict.difference else ""
        entry = f'rule = "{verdict.code}"，cell = "{figure.code}"{amount}'
        quoted = f'正文用 说明("{figure.name}") 引用'
        return f"差额属实的，在 expectations/waivers.toml 写一条 [[explanation]]（{entry}），{quoted}"
    record = f"yearbook decide {body} {year} {verdict.code} --as justified --reason 原因 --name 姓名"
    return f"原因写进正文（{where}），并用 {record} 登记" + (f" --place {verdict.place}" if verdict.place else "")
