"""What the contracts say of personal columns."""

import csv
import re
from pathlib import Path


def test_the_contract_names_every_personal_column(project: Path) -> None:
    """No extract asks for a name, a telephone number or an address; plates and identity numbers are marked."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in (project / "sql").glob("*/extract/*.sql"))
    code = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    assert not re.search(r"\b(SYR|XM|LXDH|DSR|BJRXM|BJRDH|SQR)\b", code)
    rows = csv.reader((project / "sql" / "register" / "columns.csv").read_text(encoding="utf-8").splitlines())
    unread = {row[3] for row in rows if not row[1]}
    assert {"申请人/姓名或名称", "申请人/证件号码"} <= unread
