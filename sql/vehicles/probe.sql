-- 机动车和驾驶人管理系统探询：每个提取一行，报告年度的行数、最新业务时刻、服务器时间；登记库为全部档案。
-- 参数：:year_start、:year_end，来源系统时区，前闭后开；单位：行。
-- 不取：任何一条记录的内容；各行的条件与同名提取一致。
select
    'vehicle_transaction' as extract,
    count(*) as row_count,
    max(BJRQ) as newest,
    current_timestamp as server_time
from VEH_FLOW
where
    BJRQ >= :year_start
    and BJRQ < :year_end
union all
select
    'licence_transaction' as extract,
    count(*) as row_count,
    max(BJRQ) as newest,
    current_timestamp as server_time
from DRV_FLOW
where
    BJRQ >= :year_start
    and BJRQ < :year_end
union all
select
    'vehicle_register' as extract,
    count(*) as row_count,
    max(CCDJRQ) as newest,
    current_timestamp as server_time
from VEHICLE
union all
select
    'licence_register' as extract,
    count(*) as row_count,
    max(CCLZRQ) as newest,
    current_timestamp as server_time
from DRIVINGLICENSE
