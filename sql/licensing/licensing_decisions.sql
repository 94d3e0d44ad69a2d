-- 行政许可处理决定：报告年度内作出的行政许可决定，准予和不予都计。
-- 参数：:year_start、:year_end，北京时间，前闭后开。单位：件。
-- 不计：代码表 licensing_status 列为不计的状态（已撤回）；代码表 licensing_result 列为不计的结果。
select
    count(*) as value,
    count(*) as row_count
from licensing_decision as t
inner join code_licensing_status as status on t.status = status.code
left join code_licensing_result as outcome on t.result = outcome.code
where
    status.counts_as = 'counted'
    and coalesce(outcome.counts_as, 'counted') = 'counted'
    and t.decided_at >= :year_start
    and t.decided_at < :year_end
