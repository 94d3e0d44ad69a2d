-- 交通事故类警情：报告年度内接到并处理的事故类警情，及其中按渠道、按处理程序的数量。
-- 参数：:year_start、:year_end，北京时间，前闭后开。单位：起。
-- 不计：代码表 incident_category 列为不计的警情；代码表 incident_status 列为不计的状态（已撤销）。
with handled as (
    select
        channel.counts_as as channel_group,
        proc.counts_as as procedure_group
    from incident_call as t
    inner join code_incident_category as category on t.category = category.code
    inner join code_incident_status as status on t.status = status.code
    left join code_incident_channel as channel on t.channel = channel.code
    left join code_incident_procedure as proc on t.procedure_code = proc.code
    where
        category.counts_as = 'counted'
        and status.counts_as = 'counted'
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
where channel_group = 'by_app'
union all
select
    'summary_procedure' as kind,
    count(*) as value,
    count(*) as row_count
from handled
where procedure_group = 'summary_procedure'
union all
select
    'ordinary_procedure' as kind,
    count(*) as value,
    count(*) as row_count
from handled
where procedure_group = 'ordinary_procedure'
