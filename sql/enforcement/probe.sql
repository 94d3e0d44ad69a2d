-- 行政执法办案系统探询：每个提取一行，报告年度的行数、最新业务时刻、服务器时间。
-- 参数：:year_start、:year_end，来源系统时区（UTC），前闭后开；单位：行。
-- 不取：任何一条记录的内容；各行的条件与同名提取一致。
select
    'penalty_decision' as extract,
    count(*) as row_count,
    max(JDSJ) as newest,
    current_timestamp as server_time
from XZCF_DECISION
where
    JDSJ >= :year_start
    and JDSJ < :year_end
union all
select
    'compulsion_measure' as extract,
    count(*) as row_count,
    max(QZSJ) as newest,
    current_timestamp as server_time
from XZQZ_MEASURE
where
    QZSJ >= :year_start
    and QZSJ < :year_end
