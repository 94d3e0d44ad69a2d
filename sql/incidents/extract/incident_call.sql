-- 接处警记录：报告年度内接到的警情，含非事故类和已撤销的。
-- 参数：:year_start、:year_end，来源系统时区（UTC），前闭后开。
-- 不取：报警人姓名、电话（统计不需要）。
select
    JQBH as call_number,
    JJSJ as received_at,
    JQLB as category,
    CLQD as channel,
    CLCX as procedure_code,
    JQZT as status
from ACD_CALL
where
    JJSJ >= :year_start
    and JJSJ < :year_end
