"""The form of 2021: labels, order and spans as the blank form has them, facts written down here by hand."""

from yearbook.form.edition_2021 import SECTIONS, TABLES
from yearbook.form.table import FormTable, Role

# Every label of the blank form in reading order, a merged cell once; a slash stands where the form breaks the line.
TABLE_TWO = """第二十条第（一）项 信息内容 本年制发件数 本年废止件数 现行有效件数 规章 行政规范性文件
第二十条第（五）项 信息内容 本年处理决定数量 行政许可
第二十条第（六）项 信息内容 本年处理决定数量 行政处罚 行政强制
第二十条第（八）项 信息内容 本年收费金额（单位：万元） 行政事业性收费""".split()
TABLE_THREE = """（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和） 申请人情况
自然人 法人或其他组织 总计 商业/企业 科研/机构 社会公益组织 法律服务机构 其他
一、本年新收政府信息公开申请数量 二、上年结转政府信息公开申请数量 三、本年度办理结果 （一）予以公开
（二）部分公开（区分处理的，只计这一情形，不计其他情形）
（三）不予公开 1.属于国家秘密 2.其他法律行政法规禁止公开 3.危及“三安全一稳定” 4.保护第三方合法权益
5.属于三类内部事务信息 6.属于四类过程性信息 7.属于行政执法案卷 8.属于行政查询事项
（四）无法提供 1.本机关不掌握相关政府信息 2.没有现成信息需要另行制作 3.补正后申请内容仍不明确
（五）不予处理 1.信访举报投诉类申请 2.重复申请 3.要求提供公开出版物 4.无正当理由大量反复申请
5.要求行政机关确认或重新出具已获取信息
（六）其他处理 1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请
2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请
3.其他 （七）总计 四、结转下年度继续办理""".split()
TABLE_FOUR = """行政复议 行政诉讼 结果维持 结果纠正 其他结果 尚未审结 总计 未经复议直接起诉 复议后起诉
结果维持 结果纠正 其他结果 尚未审结 总计 结果维持 结果纠正 其他结果 尚未审结 总计""".split()


def labels(table: FormTable) -> list[str]:
    return [cell.label.replace("\n", "/") for cell in table.cells if cell.role is not Role.NUMBER]


def test_labels_word_for_word_in_reading_order() -> None:
    assert labels(TABLES[2]) == TABLE_TWO
    assert labels(TABLES[3]) == TABLE_THREE
    assert labels(TABLES[4]) == TABLE_FOUR


def test_number_cells() -> None:
    assert [len(TABLES[n].number_cells()) for n in (2, 3, 4)] == [10, 175, 15]
    figures = [cell.figure for table in TABLES.values() for cell in table.number_cells()]
    assert len(set(figures)) == 200


def test_spans_of_the_blank_form() -> None:
    spans = {
        (table.number, cell.label.replace("\n", "")): (cell.row_span, cell.column_span)
        for table in TABLES.values()
        for cell in table.cells
        if cell.label
    }
    assert spans[3, TABLE_THREE[0]] == (3, 3)
    assert spans[3, "申请人情况"] == (1, 7)
    assert spans[3, "法人或其他组织"] == (1, 5)
    assert spans[3, "三、本年度办理结果"] == (22, 1)
    assert spans[3, "（三）不予公开"] == (8, 1)
    assert spans[3, "（六）其他处理"] == (3, 1)
    assert spans[3, "（七）总计"] == (1, 2)
    assert spans[4, "行政诉讼"] == (1, 10)
    assert spans[2, "第二十条第（八）项"] == (1, 4)


def test_addresses_speak_the_form() -> None:
    by_figure = {cell.figure: cell.address for table in TABLES.values() for cell in table.number_cells()}
    assert by_figure["applications_received.natural_person"] == "表三 第1行（一、本年新收政府信息公开申请数量）自然人列"
    assert by_figure["applications_results.refused_enforcement_file.total"] == "表三 第11行（7.属于行政执法案卷）总计列"
    assert by_figure["applications_carried_out.total"] == "表三 第25行（四、结转下年度继续办理）总计列"
    assert by_figure["cases.direct_suit.pending"] == "表四 未经复议直接起诉 尚未审结"
    assert by_figure["documents.normative.valid"] == "表二 行政规范性文件 现行有效件数"


def test_six_sections() -> None:
    assert [title[0] for title in SECTIONS] == list("一二三四五六")
    assert [table.title for table in TABLES.values()] == list(SECTIONS[1:4])
