"""The form of 国办公开办函〔2021〕30号: tables two, three and four with their exact labels.

Source of labels, spans and widths: the blank form issued with the notice. Reports for 2021 and later use it.
"""

from yearbook.form.table import FormCell, FormTable, Role, checked

SECTIONS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)

APPLICANTS = {
    "natural_person": "自然人",
    "commercial": "商业\n企业",
    "research": "科研\n机构",
    "public_interest": "社会公益组织",
    "legal_service": "法律服务机构",
    "other": "其他",
    "total": "总计",
}

# (group label, rows of the group); a row is (code, label). Groups of one row span two columns.
RESULTS = (
    ("（一）予以公开", (("granted", ""),)),
    ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", (("partly_granted", ""),)),
    (
        "（三）不予公开",
        (
            ("refused_state_secret", "1.属于国家秘密"),
            ("refused_prohibited_by_law", "2.其他法律行政法规禁止公开"),
            ("refused_three_securities", "3.危及“三安全一稳定”"),
            ("refused_third_party", "4.保护第三方合法权益"),
            ("refused_internal", "5.属于三类内部事务信息"),
            ("refused_process", "6.属于四类过程性信息"),
            ("refused_enforcement_file", "7.属于行政执法案卷"),
            ("refused_query", "8.属于行政查询事项"),
        ),
    ),
    (
        "（四）无法提供",
        (
            ("unavailable_not_held", "1.本机关不掌握相关政府信息"),
            ("unavailable_to_be_made", "2.没有现成信息需要另行制作"),
            ("unavailable_unclear", "3.补正后申请内容仍不明确"),
        ),
    ),
    (
        "（五）不予处理",
        (
            ("unprocessed_petition", "1.信访举报投诉类申请"),
            ("unprocessed_repeated", "2.重复申请"),
            ("unprocessed_publication", "3.要求提供公开出版物"),
            ("unprocessed_excessive", "4.无正当理由大量反复申请"),
            ("unprocessed_confirmation", "5.要求行政机关确认或重新出具已获取信息"),
        ),
    ),
    (
        "（六）其他处理",
        (
            ("other_not_corrected", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
            ("other_fee_unpaid", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
            ("other_misc", "3.其他"),
        ),
    ),
    ("（七）总计", (("total", ""),)),
)

OUTCOMES = {
    "upheld": "结果维持",
    "corrected": "结果纠正",
    "other": "其他结果",
    "pending": "尚未审结",
    "total": "总计",
}
ROUTES = {
    "reconsideration": "行政复议",
    "direct_suit": "未经复议直接起诉",
    "suit_after_reconsideration": "复议后起诉",
}
TIE_SENTENCE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"


def _label(row: int, column: int, label: str, role: Role, spans: tuple[int, int] = (1, 1)) -> FormCell:
    return FormCell(row=row, column=column, label=label, role=role, row_span=spans[0], column_span=spans[1])


def _number(row: int, column: int, figure: str, address: str, span: int = 1) -> FormCell:
    return FormCell(row=row, column=column, figure=figure, address=address, role=Role.NUMBER, column_span=span)


def _table_two_block(row: int, item: str, header: str, rows: dict[str, str]) -> list[FormCell]:
    """One block of table two with a single number column over three grid columns."""
    cells = [
        _label(row, 0, f"第二十条第（{item}）项", Role.BLOCK_CAPTION, (1, 4)),
        _label(row + 1, 0, "信息内容", Role.COLUMN_HEADER),
        _label(row + 1, 1, header, Role.COLUMN_HEADER, (1, 3)),
    ]
    for offset, (figure, label) in enumerate(rows.items()):
        cells.append(_label(row + 2 + offset, 0, label, Role.ROW_HEADER))
        cells.append(_number(row + 2 + offset, 1, figure, f"表二 {label} {header}", 3))
    return cells


def _table_two() -> FormTable:
    actions = {"made": "本年制发件数", "abolished": "本年废止件数", "valid": "现行有效件数"}
    kinds = {"rules": "规章", "normative": "行政规范性文件"}
    cells = [
        _label(0, 0, "第二十条第（一）项", Role.BLOCK_CAPTION, (1, 4)),
        _label(1, 0, "信息内容", Role.COLUMN_HEADER),
    ]
    cells += [_label(1, 1 + i, header, Role.COLUMN_HEADER) for i, header in enumerate(actions.values())]
    for offset, (kind, label) in enumerate(kinds.items()):
        cells.append(_label(2 + offset, 0, label, Role.ROW_HEADER))
        cells += [
            _number(2 + offset, 1 + i, f"documents.{kind}.{action}", f"表二 {label} {header}")
            for i, (action, header) in enumerate(actions.items())
        ]
    decisions = "本年处理决定数量"
    cells += _table_two_block(4, "五", decisions, {"licensing_decisions": "行政许可"})
    cells += _table_two_block(7, "六", decisions, {"penalty_decisions": "行政处罚", "compulsion_measures": "行政强制"})
    cells += _table_two_block(11, "八", "本年收费金额（单位：万元）", {"administrative_fees": "行政事业性收费"})
    return FormTable(number=2, title=SECTIONS[1], widths=(2435,) * 4, header_rows=0, cells=tuple(cells))


def _table_three_header() -> list[FormCell]:
    cells = [
        _label(0, 0, TIE_SENTENCE, Role.CORNER, (3, 3)),
        _label(0, 3, "申请人情况", Role.COLUMN_HEADER, (1, 7)),
        _label(1, 3, APPLICANTS["natural_person"], Role.COLUMN_HEADER, (2, 1)),
        _label(1, 4, "法人或其他组织", Role.COLUMN_HEADER, (1, 5)),
        _label(1, 9, APPLICANTS["total"], Role.COLUMN_HEADER, (2, 1)),
    ]
    organisations = list(APPLICANTS.values())[1:6]
    return cells + [_label(2, 4 + i, label, Role.COLUMN_HEADER) for i, label in enumerate(organisations)]


def _table_three_row(row: int, figure: str, label: str) -> list[FormCell]:
    """The seven numbers of a row; rows are numbered from 1 below the header, as findings cite them."""
    return [
        _number(row, 3 + i, f"{figure}.{applicant}", f"表三 第{row - 2}行（{label}）{name.replace(chr(10), '')}列")
        for i, (applicant, name) in enumerate(APPLICANTS.items())
    ]


def _table_three() -> FormTable:
    cells = _table_three_header()
    row = 3
    for figure, label in (
        ("applications_received", "一、本年新收政府信息公开申请数量"),
        ("applications_carried_in", "二、上年结转政府信息公开申请数量"),
    ):
        cells += [_label(row, 0, label, Role.ROW_HEADER, (1, 3)), *_table_three_row(row, figure, label)]
        row += 1
    cells.append(_label(row, 0, "三、本年度办理结果", Role.ROW_HEADER, (sum(len(rows) for _, rows in RESULTS), 1)))
    for group, rows in RESULTS:
        whole = len(rows) == 1
        cells.append(_label(row, 1, group, Role.ROW_HEADER, (1, 2) if whole else (len(rows), 1)))
        for code, label in rows:
            if not whole:
                cells.append(_label(row, 2, label, Role.ROW_HEADER))
            cells += _table_three_row(row, f"applications_results.{code}", label or group)
            row += 1
    label = "四、结转下年度继续办理"
    cells += [_label(row, 0, label, Role.ROW_HEADER, (1, 3))]
    cells += _table_three_row(row, "applications_carried_out", label)
    widths = (754, 921, 3271, *(685,) * 7)
    return FormTable(
        number=3, title=SECTIONS[2], widths=widths, header_rows=3, cells=tuple(sorted(cells, key=_reading_order))
    )


def _table_four() -> FormTable:
    outcomes = tuple(OUTCOMES.items())
    cells = [
        _label(0, 0, "行政复议", Role.COLUMN_HEADER, (1, 5)),
        _label(0, 5, "行政诉讼", Role.COLUMN_HEADER, (1, 10)),
    ]
    cells += [_label(1, i, label, Role.COLUMN_HEADER, (2, 1)) for i, (_, label) in enumerate(outcomes)]
    for block, (route, route_label) in enumerate(ROUTES.items()):
        first = 5 * block
        if block:
            cells.append(_label(1, first, route_label, Role.COLUMN_HEADER, (1, 5)))
            cells += [_label(2, first + i, label, Role.COLUMN_HEADER) for i, (_, label) in enumerate(outcomes)]
        cells += [
            _number(3, first + i, f"cases.{route}.{outcome}", f"表四 {route_label} {label}")
            for i, (outcome, label) in enumerate(outcomes)
        ]
    widths = (649,) * 7 + (650,) * 8
    return FormTable(
        number=4, title=SECTIONS[3], widths=widths, header_rows=3, cells=tuple(sorted(cells, key=_reading_order))
    )


def _reading_order(cell: FormCell) -> tuple[int, int]:
    return cell.row, cell.column


TABLES = {table.number: checked(table) for table in (_table_two(), _table_three(), _table_four())}
