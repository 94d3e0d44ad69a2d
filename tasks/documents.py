"""All files of a finished report, as bytes by name. The document libraries are imported here and only when needed."""

from tasks.furnishing import Furnishing
from yearbook.audit.facts import RunFacts
from yearbook.report.model import Report

# Everything that may stand at the top of a report folder; anything else means the folder is somebody else's.
TOP_LEVEL = frozenset(
    {
        "report.docx",
        "report.pdf",
        "report.html",
        "summary.xlsx",
        "figures.csv",
        "figures.json",
        "tables.csv",
        "csv-metadata.json",
        "schema",
        "audit",
        "editions",
    }
)
MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "json": "application/json",
}


def render_documents(report: Report, furnishing: Furnishing) -> dict[str, bytes]:
    """Every document of the report; the same model, template and fonts give the same bytes."""
    return {**render_printed(report, furnishing), **render_figures(report)}


def render_printed(report: Report, furnishing: Furnishing) -> dict[str, bytes]:
    """The documents that people read, which are read back before anything else is made."""
    from yearbook.report.docx import write_docx
    from yearbook.report.html import write_html
    from yearbook.report.pdf import write_pdf

    return {
        "report.docx": write_docx(report, furnishing.word),
        "report.pdf": write_pdf(report, furnishing.font_folder),
        "report.html": write_html(report),
    }


def render_figures(report: Report) -> dict[str, bytes]:
    """Workbook and figures for programs, with every rule's answer, reading back included."""
    from yearbook.report.tabular import write_csv, write_json, write_schemas, write_tables_csv
    from yearbook.report.workbook import write_workbook

    return {
        "summary.xlsx": write_workbook(report),
        "figures.csv": write_csv(report),
        "figures.json": write_json(report),
        "tables.csv": write_tables_csv(report),
        **write_schemas(),
    }


def render_audit(report: Report, facts: RunFacts) -> dict[str, bytes]:
    """The auditor's pages of the run."""
    from yearbook.audit.page import write_run_page

    return write_run_page(report, facts)


def media_type(name: str) -> str:
    """Media type by the ending of a name."""
    return MEDIA_TYPES.get(name.rpartition(".")[2], "application/octet-stream")
