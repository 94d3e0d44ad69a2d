-- 驾驶证业务流水：报告年度内办结或退办的业务。
-- 参数：:year_start、:year_end，来源系统时区，前闭后开。
-- 不取：姓名、证件号码、电话（统计不需要）。
select
    LSH as serial,
    YWLX as kind_code,
    ZJCX as licence_class,
    SQRQ as applied_at,
    BJRQ as completed_at,
    LSZT as status
from DRV_FLOW
where
    BJRQ >= :year_start
    and BJRQ < :year_end
