-- 行政处罚处理决定：报告年度内作出的行政处罚决定。
-- 参数：:year_start、:year_end，北京时间，前闭后开。单位：件。
-- 不计：代码表 enforcement_status 列为不计的状态（已撤销）；代码表 penalty_kind 列为不计的种类（行政拘留由公安局决定）。
select
    count(*) as value,
    count(*) as row_count
from penalty_decision as t
inner join code_enforcement_status as status on t.status = status.code
left join code_penalty_kind as kind on t.penalty_kind = kind.code
where
    status.counts_as = 'counted'
    and coalesce(kind.counts_as, 'counted') = 'counted'
    and t.decided_at >= :year_start
    and t.decided_at < :year_end
