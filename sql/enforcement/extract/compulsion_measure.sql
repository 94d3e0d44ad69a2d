-- 行政强制措施凭证：报告年度内采取的措施，含已撤销的。
-- 参数：:year_start、:year_end，来源系统时区（UTC），前闭后开。
-- 不取：当事人姓名、证件号码（统计不需要）。
select
    PZBH as voucher_number,
    QZSJ as taken_at,
    QZLX as measure_kind,
    ZT as status
from XZQZ_MEASURE
where
    QZSJ >= :year_start
    and QZSJ < :year_end
