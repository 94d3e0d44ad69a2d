-- 交通事故类警情：报告年度内接到并处理的事故类警情，及其中按渠道、按处理程序的数量。
-- 参数：:year_start、:year_end，北京时间，前闭后开。单位：起。
-- 不计：非事故类警情（category 不是 '01'）；已撤销的（status 不是 '1'）。
with handled as (
    select
        t.channel,
        t.procedure_code
    from incident_call as t
    where
        t.category = '01'
        and t.status = '1'
        and t.received_at >= :year_start
        and t.received_at < :year_end
)

select
    'received' as kind,
    count(*) as value,
    count(*) as row_count
from handled
union all
select
    'by_app' as kind,
    count(*) as value,
    count(*) as row_count
from handled
where channel = '3'
union all
select
    'summary_procedure' as kind,
    count(*) as value,
    count(*) as row_count
from handled
where procedure_code = '1'
union all
select
    'ordinary_procedure' as kind,
    count(*) as value,
    count(*) as row_count
from handled
where procedure_code = '2'
