-- 经营主体登记库：全部登记档案，含已注销、吊销的。
-- 参数：无，整库提取。
-- 不取：名称、法定代表人和经营者姓名、证件号码（统计不需要）。
select
    ZTBH as entity_number,
    ZTLX as kind_code,
    CLRQ as established_on,
    DJZT as status,
    ZXRQ as left_on
from SCZT_ENTITY
