-- 登记注册和投诉举报系统探询：每个提取一行，报告年度的行数、最新业务时刻、服务器时间；登记库为全部档案。
-- 参数：:year_start、:year_end，来源系统时区，前闭后开；单位：行。
-- 不取：任何一条记录的内容；各行的条件与同名提取一致。
select
    'registered_entity' as extract,
    count(*) as row_count,
    max(CLRQ) as newest,
    current_timestamp as server_time
from SCZT_ENTITY
union all
select
    'registration_transaction' as extract,
    count(*) as row_count,
    max(BJSJ) as newest,
    current_timestamp as server_time
from DJYW_FLOW
where
    BJSJ >= :year_start
    and BJSJ < :year_end
union all
select
    'market_complaint' as extract,
    count(*) as row_count,
    max(DJSJ) as newest,
    current_timestamp as server_time
from TSJB_RECORD
where
    DJSJ >= :year_start
    and DJSJ < :year_end
