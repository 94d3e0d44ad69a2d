"""The tables of the source systems, with the column types such systems declare."""

from sqlalchemy import CHAR, DATE, DATETIME, VARCHAR, Column, Index, MetaData, Table

_METADATA = MetaData()


def _key(name: str, width: int) -> Column[str]:
    return Column(name, CHAR(width), primary_key=True)


def _char(name: str, width: int) -> Column[str]:
    return Column(name, CHAR(width))


def _text(name: str, width: int) -> Column[str]:
    return Column(name, VARCHAR(width))


def _identity() -> Column[str]:
    return _char("SFZMHM", 18)


def _phone(name: str = "LXDH") -> Column[str]:
    return _text(name, 11)


VEH_FLOW = Table(
    "VEH_FLOW",
    _METADATA,
    _key("LSH", 13),
    _char("YWLX", 2),
    _char("YWYY", 8),
    _char("HPZL", 2),
    _text("HPHM", 15),
    Column("SQRQ", DATETIME),
    Column("BJRQ", DATETIME),
    _char("LSZT", 1),
    _text("GLBM", 12),
    _text("SYR", 64),
    _identity(),
    _phone(),
)
DRV_FLOW = Table(
    "DRV_FLOW",
    _METADATA,
    _key("LSH", 13),
    _char("YWLX", 2),
    _char("ZJCX", 8),
    Column("SQRQ", DATETIME),
    Column("BJRQ", DATETIME),
    _char("LSZT", 1),
    _text("GLBM", 12),
    _text("XM", 64),
    _identity(),
    _phone(),
)
VEHICLE = Table(
    "VEHICLE",
    _METADATA,
    _key("XH", 14),
    _char("HPZL", 2),
    _text("HPHM", 15),
    Column("CCDJRQ", DATE),
    _char("ZT", 6),
    Column("ZXRQ", DATE),
    _text("FZJG", 10),
    _text("GLBM", 12),
    _text("SYR", 64),
    _identity(),
    _phone(),
)
DRIVINGLICENSE = Table(
    "DRIVINGLICENSE",
    _METADATA,
    _key("DABH", 12),
    _identity(),
    _text("XM", 64),
    _phone(),
    _char("ZJCX", 10),
    Column("CCLZRQ", DATE),
    _char("ZT", 6),
    Column("ZXRQ", DATE),
)
LICENCE_IDENTITY = Index("UK_DRV_SFZMHM", DRIVINGLICENSE.columns["SFZMHM"], unique=True)
ACD_CALL = Table(
    "ACD_CALL",
    _METADATA,
    _key("JQBH", 16),
    Column("JJSJ", DATETIME),
    _char("JQLB", 2),
    _char("CLQD", 1),
    _char("CLCX", 1),
    _char("JQZT", 1),
    _text("BJRXM", 64),
    _phone("BJRDH"),
)
XZCF_DECISION = Table(
    "XZCF_DECISION",
    _METADATA,
    _key("JDSBH", 15),
    Column("JDSJ", DATETIME),
    _char("CFZL", 1),
    _char("ZT", 1),
    _text("DSR", 64),
    _identity(),
)
XZQZ_MEASURE = Table(
    "XZQZ_MEASURE",
    _METADATA,
    _key("PZBH", 15),
    Column("QZSJ", DATETIME),
    _char("QZLX", 1),
    _char("ZT", 1),
    _text("DSR", 64),
    _identity(),
)
SCZT_ENTITY = Table(
    "SCZT_ENTITY",
    _METADATA,
    _key("ZTBH", 18),
    _char("ZTLX", 4),
    Column("CLRQ", DATE),
    _char("DJZT", 1),
    Column("ZXRQ", DATE),
    _text("FDDBR", 64),
    _identity(),
    _phone(),
)
DJYW_FLOW = Table(
    "DJYW_FLOW",
    _METADATA,
    _key("YWLSH", 13),
    _char("YWLX", 4),
    _char("ZTLX", 4),
    Column("SLSJ", DATETIME),
    Column("BJSJ", DATETIME),
    _char("LSZT", 1),
    _text("SQR", 64),
    _phone(),
)
TSJB_RECORD = Table(
    "TSJB_RECORD",
    _METADATA,
    _key("DJBH", 16),
    Column("DJSJ", DATETIME),
    _char("LB", 1),
    _char("QD", 1),
    _char("ZT", 1),
    Column("BJSJ", DATETIME),
    _text("TSR", 64),
    _phone("TSRDH"),
)
XZXK_DECISION = Table(
    "XZXK_DECISION",
    _METADATA,
    _key("JDWH", 20),
    _char("SXBM", 4),
    Column("JDSJ", DATETIME),
    _char("JDJG", 1),
    _char("ZT", 1),
    _text("SQR", 64),
    _identity(),
)
