"""Facts of one invented run, with text that would be live if a page forgot to escape it."""

from decimal import Decimal

from tests.yearbook.report.samples import YEAR, sample_report
from yearbook.audit.facts import ReceivedFile, RunFacts, SnapshotFacts, SourceFacts, Standing
from yearbook.revision import Counted, FigureDifference, InputDifference, Revision, RowDifference

HOSTILE = "<script>alert(1)</script>&copy;"
SQL_TEXT = f"-- 计数 {HOSTILE}\nselect count(*) as value\nfrom vehicle_business\nwhere accepted_at >= :year_start\n"


def sample_revision() -> Revision:
    """Against edition 7: figures changed, new and gone, rows more, fewer and as many, texts changed."""
    return Revision(
        edition=7,
        key_then="7" * 64,
        key_now="d" * 64,
        figures=(
            FigureDifference(
                "vehicle_business.total",
                Counted("机动车业务量·总计", 150_803, "件", 154_309),
                Counted("机动车业务量·总计", 150_806, "件", 154_309),
            ),
            FigureDifference(
                "administrative_fees",
                Counted("行政事业性收费", Decimal("678900.00"), "元", Decimal("512300.75")),
                Counted("行政事业性收费", Decimal("678900.00"), "元", Decimal("512300.50")),
            ),
            FigureDifference("accident_calls.app", None, Counted("警情·手机处理", 3072, "起", 2048)),
            FigureDifference("retired", Counted(f"=停用的数{HOSTILE}", 29, "条"), None),
        ),
        rows=(
            RowDifference("report", "vehicles", "vehicle_business", "2023", 150_803, 150_806, same=False),
            RowDifference("report", "register", "application", "2023", 283, 281, same=False),
            RowDifference("base", "register", "application", "2022", 271, 271, same=False),
            RowDifference("report", "register", "suit", "2023", 31, 31, same=True),
            RowDifference("report", "register", "appeal", "2023", None, 37, same=False),
            RowDifference("report", "register", "petition", "2023", 43, None, same=False),
        ),
        inputs=(
            InputDifference("snapshot", "report/vehicles/vehicle_business/2023", "1" * 64, "b" * 64),
            InputDifference("sql", "sql/vehicles/vehicle_business.sql", "2" * 64, "3" * 64),
            InputDifference("rule", "expectations/old.toml", "4" * 64, None),
            InputDifference("library", "duckdb", "1.5.4", "1.5.5"),
            InputDifference("notes", "report/vehicles/vehicle_business/2023", None, f"账号可以写入{HOSTILE}"),
        ),
    )


def sample_run() -> RunFacts:
    """The facts of a first run that read a database and two files."""
    return RunFacts(
        run_key="d" * 64,
        code_version="0.1.0",
        versions={"duckdb": "1.5.5", "jinja2": "3.1.6", "great-expectations": "1.24.1"},
        standing=Standing.FIRST,
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
            SnapshotFacts(
                "vehicles",
                "vehicle_business",
                YEAR,
                "report",
                150_806,
                "b" * 64,
                reader="DuckDB postgres 1.5.5",
                notes=(f"账号可以写入来源数据库{HOSTILE}",),
            ),
            SnapshotFacts(
                "register", "application", YEAR - 1, "base", 271, "c" * 64, ("日期由文字改为日期", "去掉首尾空格")
            ),
        ),
        sql={figure.sql_name: SQL_TEXT for figure in sample_report().figures.values()},
    )
