"""A draft to the owner of an export that is not as agreed; the office sends it or writes its own."""

from collections.abc import Sequence

from yearbook.errors import Refusal
from yearbook.intake.drift import Difference, Drift, rows_said

KIND_WORDS = {
    "missing": "缺少的列",
    "extra": "多出的列",
    "twice": "重复的列",
    "order": "列的次序",
    "retyped": "改变了类型的列",
    "value": "不合约定的单元格",
    "new_code": "代码表以外的值",
}


def draft_letter(refusal: Refusal, *, owner: str, source: str, file: str, digest: str, year: int, body: str) -> str:
    """The letter as plain text; it holds shapes of values, never values.

    Args:
        refusal: Why the file cannot be used; a drift lists its differences.
        owner: Who hands the file over.
        source: The source in words.
        file: Name of the file as received.
        digest: SHA-256 of the file as received.
        year: Year of the file.
        body: The reporting body in words.
    """
    differences = refusal.differences if isinstance(refusal, Drift) else ()
    lines = [
        f"{owner}：",
        "",
        f"    你单位交来的{source}（{year} 年度，文件 {file}）与约定不符，",
        f"    暂不能用于{body}{year}年政府信息公开工作年度报告。",
        f"    收到的文件 SHA-256：{digest}",
        "",
        *_listed(differences, refusal),
        "",
        "    请按下面的办法处理后重新交来，原文件没有改动：",
        f"    {owners_part(refusal.todo)}",
        "",
        "    表格确已改版的，请告知自哪一年起、各列的新旧名称和含义，以便我们登记，以后年度按新表读取。",
        "",
        f"                                        {body}",
        "                                        ____年__月__日",
        "",
    ]
    return "\n".join(lines)


def owners_part(todo: str) -> str:
    """What the owner can do; behind the first 「；」 stands what the office can change in its own catalogue."""
    return todo.split("；", maxsplit=1)[0].rstrip("。") + "。"


def _listed(differences: Sequence[Difference], refusal: Refusal) -> list[str]:
    if not differences:
        return [f"    原因：{refusal.what}"]
    lines = ["    具体如下（示例只示意格式：9 代表数字，A 代表字母，某代表汉字，不含原值）："]
    for number, difference in enumerate(differences, start=1):
        lines.append(f"    {number}. {KIND_WORDS[difference.kind]}：{difference.words}")
        if len(difference.rows) > 1:
            lines.append(f"       行：{rows_said(difference.rows)}")
        if difference.examples:
            lines.append(f"       示例：{'；'.join(difference.examples)}")
    return lines
