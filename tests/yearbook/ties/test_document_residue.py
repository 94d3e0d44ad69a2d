"""What must not be left in a finished text, and honest words that look like it."""

import pytest

from tests.yearbook.ties.documents import REPORTS, failed, judged, passage, published
from yearbook.ties.passages import Document, Passage
from yearbook.ties.residue import misspelt
from yearbook.verdict import Status

CLEAN = "大队公开信息60条。"


@pytest.mark.parametrize(
    ("text", "found", "what"),
    [
        ("[bookmark: _GoBack]（1）办理业务。", "[bookmark: _GoBack]", "文字处理软件的标记"),
        ("见_Toc12345处。", "_Toc12345", "文字处理软件的标记"),
        ("详见错误!未找到引用源。", "错误!未找到引用源", "文字处理软件的标记"),
        ("详见错误！未定义书签。", "错误！未定义书签", "文字处理软件的标记"),
        ("共#REF!件。", "#REF!", "表格软件的错误值"),
        ("共#N/A件。", "#N/A", "表格软件的错误值"),
        ("收费########万元。", "########", "表格软件的错误值"),
        ("公开{{ 数 }}条。", "{{", "没有填入的模板"),
        ("公开60条。<br/>其中", "<br/>", "网页标记"),
        ("公开&nbsp;60条。", "&nbsp;", "网页标记"),
        ("公开XX件。", "XX", "占位文字"),
        ("公开××件。", "××", "占位文字"),
        ("20XX年，大队公开信息。", "20XX", "占位文字"),
        ("X月X日前改正。", "X", "占位文字"),
        ("此处填写具体数字。", "此处填写", "占位文字"),
        ("数据待补充。", "待补充", "占位文字"),
        ("TODO 补数。", "TODO", "占位文字"),
        ("Lorem ipsum dolor。", "Lorem ipsum", "占位文字"),
        ("共____件。", "____", "占位文字"),
        ("公开\ufffd条。", "\ufffd", "乱码"),
        ("锟斤拷信息。", "锟斤拷", "乱码"),
        ("公开60条，，其中2条。", "，，", "重复或相连的标点"),
        ("公开60条。。", "。。", "重复或相连的标点"),
        ("公开60条，。", "，。", "重复或相连的标点"),
        ("依据《》办理。", "《》", "重复或相连的标点"),
        ("统计至2024 12 31日。", "2024 12 31日", "缺字的日期"),
        ("统计至20241231日。", "20241231日", "缺字的日期"),
        ("统计至2024年12 31日。", "2024年12 31日", "缺字的日期"),
        ("统计至2024 12月31日。", "2024 12月", "缺字的日期"),
        ("统计至2024年31日。", "2024年31日", "缺字的日期"),
        ("公开\x0b60条。", "U+000B", "不可见的控制字符"),
        ("公开\ue00060条。", "U+E000", "不可见的控制字符"),
        ("公开\u200b60条。", "U+200B", "不可见的控制字符"),
    ],
)
def test_traces_are_found(text: str, found: str, what: str) -> None:
    document = Document(passages=(*passage(CLEAN).passages, *passage(text).passages))
    breaches = failed(judged("residue", document))
    assert (found, what) in {(breach.found, breach.detail) for breach in breaches}
    assert all(breach.place.startswith("一、总体情况，“") for breach in breaches)
    (clean,) = [v for v in judged("residue", document) if v.status is Status.PASSED]
    assert clean.evaluated == 1


@pytest.mark.parametrize(
    "text",
    [
        "公开制度有待完善，人员有待补充，意识有待提高。",
        "网址：http://wcsxxgk.harbin.gov.cn/col/XXGK/index.html?a=1&b=2，邮箱hazwgkc@163.com。",
        "“互联网+政务”，公开力度进一步加大……效果明显。",
        "自2024 年 12 月 31 日起，2024年12月31日止。",
        "杜绝错字、漏字等错误，通过“交管12123”手机APP处理3072起。",
        "《〈条例〉释义》（2019年版）；（一）“三公”经费，《公报》6期。",
        "生僻字䶮、𬱖照常印刷，\u3000首行缩进。",
        "第一项：其一，其二；其三、其四。",
        "依据<中华人民共和国政府信息公开工作年度报告格式>编制。",
        "电话0797-20241231，邮编341000，2024年度第3期。",
    ],
)
def test_honest_words_are_not(text: str) -> None:
    (verdict,) = judged("residue", passage(text))
    assert (verdict.status, verdict.evaluated) == (Status.PASSED, 1)


def test_the_title_is_looked_at() -> None:
    (breach,) = judged("residue", Document(title="某大队20XX年政府信息公开工作年度报告"))
    assert (breach.place, breach.found) == ("标题", "20XX")


def test_nothing_is_no_pass() -> None:
    (verdict,) = judged("residue", Document())
    assert (verdict.status, verdict.evaluated) == (Status.NOT_EVALUATED, 0)


def test_control_characters_do_not_reach_a_page() -> None:
    (breach,) = judged("residue", passage("公\x07开60条。"))
    assert "\x07" not in breach.place + (breach.found or "")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("现将沐阳县人民政府年度报告公布。", ["沐阳县人民政府"]),
        ("现将沭阳县人民政府年度报告公布。", []),
        ("县级以上地方人民政府、泗洪县人民政府、沭阳县人民法院。", []),
        ("沭阳区人民政府、沭阳县人民检察院。", []),
    ],
)
def test_a_misspelt_own_name(text: str, wrong: list[str]) -> None:
    assert misspelt(text, ["沭阳县人民政府", "沭阳"]) == wrong


def test_another_body_is_named() -> None:
    document = Document(
        body_names=("云麓市交警支队开发区大队", "云麓市交警支队"),
        other_names=("赣州经开区交警大队", "云麓市交警支队", "交警支队"),
        passages=(
            Passage("", "云麓市交警支队开发区大队编制本报告。"),
            Passage("一、总体情况", "赣州经开区交警大队公开信息60条。"),
        ),
    )
    (breach,) = failed(judged("residue", document))
    assert (breach.found, breach.detail) == ("赣州经开区交警大队", "其他机构的名称")


@pytest.mark.parametrize("name", REPORTS)
def test_published_reports_hold_only_what_their_fixture_admits(name: str) -> None:
    known = {error["printed"] for error in REPORTS[name].get("error", []) if error["code"] == "D-3"}
    found = {breach.found for breach in failed(judged("residue", published(name)))}
    assert found <= known
    assert "[bookmark: _GoBack]" not in known - found
