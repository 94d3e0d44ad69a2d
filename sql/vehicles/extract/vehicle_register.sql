-- 机动车登记库：提取时的全部登记，含已注销、转出的，期末数按日期计算。
-- 参数：无。
-- 个人信息：号牌号码，只用于查重号。
select
    XH as serial,
    HPZL as plate_class,
    HPHM as plate_number,
    CCDJRQ as first_registered_on,
    ZT as status,
    ZXRQ as left_on
from VEHICLE
