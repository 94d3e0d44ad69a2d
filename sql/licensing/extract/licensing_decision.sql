-- 行政许可决定：报告年度内作出的决定，含准予、不予和已撤回的。
-- 参数：:year_start、:year_end，来源系统时区，前闭后开。
-- 不取：申请人姓名、证件号码（统计不需要）。
select
    JDWH as decision_number,
    SXBM as item_code,
    JDSJ as decided_at,
    JDJG as result,
    ZT as status
from XZXK_DECISION
where
    JDSJ >= :year_start
    and JDSJ < :year_end
