"""Facts of one invented run, with text that would be live if a page forgot to escape it."""

from tests.yearbook.report.samples import YEAR, sample_report
from yearbook.audit.facts import ReceivedFile, RunFacts, SnapshotFacts, SourceFacts

HOSTILE = "<script>alert(1)</script>&copy;"
SQL_TEXT = f"-- 计数 {HOSTILE}\nselect count(*) as value\nfrom vehicle_business\nwhere accepted_at >= :year_start\n"


def sample_run() -> RunFacts:
    """The facts of a run that read a database and two files."""
    return RunFacts(
        run_key="d" * 64,
        code_version="0.1.0",
        versions={"duckdb": "1.5.5", "jinja2": "3.1.6", "great-expectations": "1.24.1"},
        sources=(
            SourceFacts("vehicles", "机动车和驾驶人管理系统", "数据库", "车辆管理所"),
            SourceFacts(
                "register",
                "依申请公开登记簿",
                "导出文件",
                "综合办公室",
                (
                    ReceivedFile(f"登记簿{HOSTILE}.xlsx", 18_432, "e" * 64),
                    ReceivedFile("诉讼台账.csv", 1_024, "f" * 64),
                ),
            ),
        ),
        snapshots=(
            SnapshotFacts("vehicles", "vehicle_business", YEAR, "report", 150_806, "b" * 64),
            SnapshotFacts(
                "register", "application", YEAR - 1, "base", 271, "c" * 64, ("日期由文字改为日期", "去掉首尾空格")
            ),
        ),
        sql={figure.sql_name: SQL_TEXT for figure in sample_report().figures.values()},
    )
