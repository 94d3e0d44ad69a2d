-- 投诉举报记录：报告年度内登记的，含咨询和已撤回的。
-- 参数：:year_start、:year_end，来源系统时区，前闭后开。
-- 不取：投诉人姓名、电话，被投诉人名称（统计不需要）。
select
    DJBH as complaint_number,
    DJSJ as received_at,
    LB as category,
    QD as channel,
    ZT as status,
    BJSJ as concluded_at
from TSJB_RECORD
where
    DJSJ >= :year_start
    and DJSJ < :year_end
