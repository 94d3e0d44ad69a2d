"""What the note behind a figure may say on the web page, derived again from the figure."""

from yearbook.figure import Figure
from yearbook.quantity import Exact
from yearbook.report.readback.reading import bare
from yearbook.wording import change_words, printed


def note_texts(figure: Figure, base_year: int) -> frozenset[str]:
    """Every text with numbers that may stand in the note of a figure; an entry's name stands before its description.

    Args:
        figure: The figure.
        base_year: The year its base belongs to.
    """
    value = _grouped(figure.value) + figure.unit.value
    base = "无可比数" if figure.base is None else _grouped(figure.base) + figure.unit.value
    label = figure.name.partition("·")[2] or figure.name
    said = (
        figure.name,
        label,
        value,
        label + value,
        f"印刷写法：{printed(figure).text}",
        f"{base_year}年",
        f"{base_year}年：{base}",
        f"变动：{''.join(change_words(figure, base_year))}",
        f"口径：{figure.definition}",
        f"依据：{figure.basis}",
        f"来源：{figure.sql_name}（{figure.sql_digest[:12]}），计入{_grouped(figure.row_count)}行",
    )
    return frozenset(bare(text) for text in said)


def _grouped(value: Exact) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,f}"
