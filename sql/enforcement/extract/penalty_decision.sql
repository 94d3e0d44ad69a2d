-- 行政处罚决定：报告年度内作出的决定，含已撤销的。
-- 参数：:year_start、:year_end，来源系统时区（UTC），前闭后开。
-- 不取：当事人姓名、证件号码（统计不需要）。
select
    JDSBH as decision_number,
    JDSJ as decided_at,
    CFZL as penalty_kind,
    ZT as status
from XZCF_DECISION
where
    JDSJ >= :year_start
    and JDSJ < :year_end
