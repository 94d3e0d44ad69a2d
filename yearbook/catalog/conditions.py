"""What a statistician's own SQL condition may say: something about one row, the same on every day and in every run."""

import re

# Functions and words whose answer is another one in the next run or on the next day.
VOLATILE = frozenset(
    {
        "random", "setseed", "uuid", "gen_random_uuid", "uuidv4", "uuidv7", "now", "today", "get_current_time",
        "get_current_timestamp", "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp",
        "transaction_timestamp", "nextval", "currval", "txid_current", "current_setting", "getvariable", "getenv",
        "current_user", "session_user", "age", "version",
    }
)  # fmt: skip
QUERIES = frozenset({"select", "from", "with", "union", "exists", "over", "table", "values", "pivot", "unpivot"})
_TEXT = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")


def fault(condition: str) -> str:
    """What is wrong with a condition, empty where nothing is; whether the engine understands it is not asked here.

    Args:
        condition: SQL over the columns of one row.
    """
    bare = _TEXT.sub(" ", condition)
    if mark := next((mark for mark in (";", "--", "/*", "'", '"', "$$") if mark in bare), ""):
        return f"不能有 {mark}" if mark not in {"'", '"'} else "引号没有成对"
    depth = 0
    for sign in bare:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth < 0:
            return "括号多出一个右括号"
    if depth:
        return "括号没有成对"
    words = set(re.findall(r"[a-z_][a-z0-9_]*", bare.lower()))
    if found := sorted(words & QUERIES - _part_of_extract(bare)):
        return f"只能看一行之内的列，不能有 {'、'.join(found)}"
    if found := sorted(words & VOLATILE):
        return f"每次运行结果不同，不能有 {'、'.join(found)}"
    return ""


def _part_of_extract(bare: str) -> set[str]:
    """``from`` belongs to ``extract(hour from …)`` where every one of them stands in such a call."""
    calls = len(re.findall(r"\bextract\s*\(\s*[a-z]+\s+from\b", bare, re.IGNORECASE))
    return {"from"} if calls == len(re.findall(r"\bfrom\b", bare, re.IGNORECASE)) else set()
