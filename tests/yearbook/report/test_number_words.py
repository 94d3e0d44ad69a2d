"""What counts as a number in a text and what only looks like one."""

import pytest

from yearbook.report.number_words import IDIOMS, number_words


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("机动车35万余辆，比上年增长2.27%", ["35万", "2.27"]),
        ("１２，３４５件和1,234件", ["１２，３４５", "1,234"]),
        ("占百分之五，约三分之一，万分之二点", ["百分之五", "三分之一", "万分之二"]),
        ("超过三成，是上年的两倍，半数以上，减半收取", ["三", "两", "半数", "减半"]),
        ("罚款壹佰贰拾叁元整，伍万元，陆件", ["壹佰贰拾叁", "伍万", "陆"]),
        ("由六个部分组成，依第二十条，三级审核", ["六", "二十", "三"]),
        ("二〇二三年，廿五日", ["二〇二三", "廿五"]),
        ("启动Ⅳ级响应，面积5m²", ["Ⅳ", "5", "²"]),
        ("数十件、近百人、几千次、上万条", ["十", "百", "千", "万"]),
        ("二十分钟办结，三十分之一", ["二十", "三十分之一"]),
        ("收到三、四件", ["三", "四"]),
        ("本年处理٣件", ["٣"]),
        ("上年为零", ["零"]),
        ("四要素公开", ["四"]),
    ],
)
def test_numbers_are_found(text: str, numbers: list[str]) -> None:
    assert [word.text for word in number_words(text)] == numbers
    assert [text[word.start : word.end] for word in number_words(text)] == numbers


@pytest.mark.parametrize(
    "text",
    [
        "进一步统一标准，一般不超过，唯一的出口之一",
        "一、总体情况",
        "（一）主动公开；(十二)其他",
        "还有不足：一是不够及时；二是不够细；三是能力不足。主要问题一是",
        "其一，加强；其二是改进。一要严格，二要及时",
        "①公开②答复⑴审查㈠登记",
        "队伍建设陆续完成，大陆，收拾",
        "一网通办，最多跑一次，双随机、一公开，一岗双责",
        "群众十分满意，千方百计服务百姓，万无一失",
        "二维码、二手车、三轮摩托车",
    ],
)
def test_words_that_count_nothing_are_none(text: str) -> None:
    assert number_words(text) == ()


def test_every_idiom_is_no_number_and_stands_once() -> None:
    assert len(set(IDIOMS)) == len(IDIOMS)
    for idiom in IDIOMS:
        assert not [word for word in number_words(f"按{idiom}办") if word.start < len(idiom) + 1], idiom
