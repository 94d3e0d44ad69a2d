"""A statutory table as WordprocessingML: the grid of the form, merged cells as the official form merges them.

Knows grid, labels and printed numbers; knows nothing of what the numbers mean.
"""

from html import escape

from yearbook.form.table import FormCell, FormTable, Role
from yearbook.report import docx_page as page
from yearbook.report.docx_styles import Sheet, fonts, rules, size, twips
from yearbook.report.model import StatutoryTable
from yearbook.report.profile import TableDesign

# Widths of Times New Roman, the font of numbers; what is not listed is as wide as the type is high.
_DIGIT = 0.5
_ADVANCES = {**dict.fromkeys("0123456789", _DIGIT), ".": 0.25, ",": 0.25, "-": 0.333, "%": 0.833}


def advance(character: str) -> float:
    """Width of one character of a number, as a part of the type size."""
    return _ADVANCES.get(character, 1.0)


def table_xml(table: StatutoryTable, sheet: Sheet) -> str:
    """The table element, with its name for screen readers."""
    form = table.form
    design = sheet.layout.designs[form.number]
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in design.widths)
    rows = "".join(_row(table, row, sheet) for row in range(form.row_total))
    return f"<w:tbl>{_properties(form, design)}<w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"


def _properties(form: FormTable, design: TableDesign) -> str:
    """Table properties; their order is fixed by the schema, and Word repairs a file that breaks it."""
    first_row = int(form.header_rows > 0)
    return (
        f'<w:tblPr><w:tblW w:w="{design.width}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{rules(page.RULE)}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{_margins(design.label_margin, top=1)}</w:tblCellMar>"
        f'<w:tblLook w:val="0000" w:firstRow="{first_row}" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" '
        'w:noHBand="1" w:noVBand="1"/>'
        f'<w:tblCaption w:val="{escape(form.title)}"/></w:tblPr>'
    )


def _margins(side: float, top: float = 0) -> str:
    over, beside = twips(top), twips(side)
    return (
        f'<w:top w:w="{over}" w:type="dxa"/><w:left w:w="{beside}" w:type="dxa"/>'
        f'<w:bottom w:w="{over}" w:type="dxa"/><w:right w:w="{beside}" w:type="dxa"/>'
    )


def _row(table: StatutoryTable, row: int, sheet: Sheet) -> str:
    form = table.form
    header = "<w:tblHeader/>" if row < form.header_rows else ""
    height = f'<w:trHeight w:val="{twips(page.row_height(sheet.layout, form, row))}" w:hRule="atLeast"/>'
    kept = _stays_with_next(form, row, sheet)
    cells = "".join(
        _cell(table, cell, sheet, kept=kept) if cell.row == row else _continued(table, cell, sheet, kept=kept)
        for cell in sorted(form.cells, key=lambda cell: cell.column)
        if cell.row <= row < cell.row + cell.row_span
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{height}{header}</w:trPr>{cells}</w:tr>"


def _stays_with_next(form: FormTable, row: int, sheet: Sheet) -> bool:
    """Keeping each row with the next keeps a table that fits one page on one page.

    A tall one may break where the layout lets it: neither behind its header nor inside a group of rows.
    """
    if row + 1 >= form.row_total:
        return False
    if sheet.layout.own_page or not page.is_tall(form) or row < form.header_rows:
        return True
    return any(
        1 < cell.row_span <= page.TALL_TABLE_ROWS and cell.row <= row < cell.row + cell.row_span - 1
        for cell in form.cells
    )


def _cell_properties(form: FormTable, cell: FormCell, merge: str, sheet: Sheet) -> str:
    width = sum(sheet.layout.designs[form.number].widths[cell.column : cell.column + cell.column_span])
    span = f'<w:gridSpan w:val="{cell.column_span}"/>' if cell.column_span > 1 else ""
    fill = ""
    if cell.role is Role.BLOCK_CAPTION:
        fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{page.CAPTION_FILL}"/>'
    margins = "" if page.is_left(form, cell) else f"<w:tcMar>{_margins(page.CENTRED_MARGIN, top=1)}</w:tcMar>"
    return f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}{fill}{margins}<w:vAlign w:val="center"/></w:tcPr>'


def _continued(table: StatutoryTable, cell: FormCell, sheet: Sheet, *, kept: bool) -> str:
    """The lower part of a cell that spans rows; Word wants a paragraph even here."""
    merge = '<w:vMerge w:val="continue"/>'
    empty = _paragraph(table.form, cell, "", sheet, kept=kept)
    return f"<w:tc>{_cell_properties(table.form, cell, merge, sheet)}{empty}</w:tc>"


def _cell(table: StatutoryTable, cell: FormCell, sheet: Sheet, *, kept: bool) -> str:
    merge = '<w:vMerge w:val="restart"/>' if cell.row_span > 1 else ""
    lines = page.label_lines(cell) if cell.figure is None else (table.printed[cell.figure],)
    paragraphs = "".join(
        _paragraph(table.form, cell, _run(table.form, cell, text, sheet), sheet, kept=kept) for text in lines
    )
    return f"<w:tc>{_cell_properties(table.form, cell, merge, sheet)}{paragraphs}</w:tc>"


def _paragraph(form: FormTable, cell: FormCell, run: str, sheet: Sheet, *, kept: bool) -> str:
    name = "表头说明" if cell.role is Role.CORNER else text_style(form)
    keep = "<w:keepNext/>" if kept else ""
    side = '<w:jc w:val="left"/>' if page.is_left(form, cell) else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{sheet.style(name)}"/>{keep}{side}</w:pPr>{run}</w:p>'


def text_style(form: FormTable) -> str:
    """Name of the style of a table's text: the narrow tables have a smaller one."""
    return "表内小字" if form.number in {3, 4} else "表内文字"


def _run(form: FormTable, cell: FormCell, text: str, sheet: Sheet) -> str:
    """The text of a cell; a number too long for its column is set smaller, never broken."""
    if cell.role is Role.NUMBER:
        fitted = page.number_size(sheet.layout, form, cell, text, advance)
        small = fitted < sheet.layout.designs[form.number].size
        return _plain_run(text, size(fitted) if small else "")
    note = page.note_place(text) if cell.role is Role.ROW_HEADER else len(text)
    return _plain_run(text[:note]) + _plain_run(text[note:], fonts(sheet.font("表头说明")))


def _plain_run(text: str, properties: str = "") -> str:
    if not text:
        return ""
    put = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{put}<w:t xml:space="preserve">{escape(text, quote=False)}</w:t></w:r>'
