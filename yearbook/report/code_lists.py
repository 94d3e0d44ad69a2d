"""The dictionary's part on code lists: every code with its group, its source and since when it holds."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from yearbook.catalog import Code, Rule
from yearbook.report.markdown import link, table

# what stands in place of a member where a record is in no group by this code
TREATMENTS = {
    "counted": "计入，不按这个代码分项",
    "not_counted": "不计",
    "counted_until_left": "计到离开日期为止",
}
# columns that stand in the table where the codes of a list differ, and above it where they agree
SHARED: Mapping[str, Callable[[Code], str]] = {
    "出处": lambda code: code.source,
    "起": lambda code: code.since.isoformat(),
    "止": lambda code: code.until.isoformat() if code.until else "",
    "说明": lambda code: code.note,
}


def code_list(name: str, entries: Sequence[Code], rules: Sequence[Rule]) -> Iterator[str]:
    """One code list as a section.

    Args:
        name: Name of the list.
        entries: Its codes, in order.
        rules: Expectations of all sources; those that check against the list are named.

    Yields:
        Blocks of Markdown.
    """
    users = "、".join(rule.code for rule in rules if rule.codes == name)
    agreed = {column: {of(entry) for entry in entries} for column, of in SHARED.items()}
    above = "".join(f"{column}：{text}。" for column, [text] in _single(agreed).items() if text)
    yield f"### `{name}`"
    yield f"写在 {link(f'sql/codes/{name}.csv')}。检查它的规则：{users or '无'}。{above}"
    columns = {column: of for column, of in SHARED.items() if len(agreed[column]) > 1}
    rows = [(f"`{e.code}`", e.name, _group(e), *(of(e) for of in columns.values())) for e in entries]
    yield table(("代码", "名称", "归入", *columns), rows)


def _single(agreed: Mapping[str, set[str]]) -> dict[str, set[str]]:
    return {column: texts for column, texts in agreed.items() if len(texts) == 1}


def _group(entry: Code) -> str:
    words = TREATMENTS.get(entry.counts_as)
    return f"`{entry.counts_as}`" + (f" {words}" if words else "")
