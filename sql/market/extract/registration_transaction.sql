-- 登记业务流水：报告年度内办结的登记和备案业务，含退办的。
-- 参数：:year_start、:year_end，来源系统时区，前闭后开。
-- 不取：申请人姓名、电话（统计不需要）；尚未办结的。
select
    YWLSH as serial,
    YWLX as kind_code,
    ZTLX as entity_kind,
    SLSJ as applied_at,
    BJSJ as completed_at,
    LSZT as status
from DJYW_FLOW
where
    BJSJ >= :year_start
    and BJSJ < :year_end
