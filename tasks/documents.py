"""All files of a finished report, as bytes by name. The document libraries are imported here and only when needed."""

from yearbook.audit.facts import RunFacts
from yearbook.report.model import Report

# Everything that may stand at the top of a report folder; anything else means the folder is somebody else's.
TOP_LEVEL = frozenset(
    {"report.docx", "report.pdf", "report.html", "summary.xlsx", "figures.csv", "figures.json", "audit", "editions"}
)
MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "json": "application/json",
}


def render_documents(report: Report) -> dict[str, bytes]:
    """Every document of the report; the same model gives the same bytes."""
    from yearbook.report.docx import write_docx
    from yearbook.report.html import write_html
    from yearbook.report.pdf import write_pdf
    from yearbook.report.tabular import write_csv, write_json
    from yearbook.report.workbook import write_workbook

    return {
        "report.docx": write_docx(report),
        "report.pdf": write_pdf(report),
        "report.html": write_html(report),
        "summary.xlsx": write_workbook(report),
        "figures.csv": write_csv(report),
        "figures.json": write_json(report),
    }


def render_audit(report: Report, facts: RunFacts) -> dict[str, bytes]:
    """The auditor's pages of the run."""
    from yearbook.audit.page import write_run_page

    return write_run_page(report, facts)


def media_type(name: str) -> str:
    """Media type by the ending of a name."""
    return MEDIA_TYPES.get(name.rpartition(".")[2], "application/octet-stream")
