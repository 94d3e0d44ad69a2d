-- 行政强制处理决定：报告年度内采取的行政强制措施，一份凭证计一件。
-- 参数：:year_start、:year_end，北京时间，前闭后开。单位：件。
-- 不计：代码表 enforcement_status 列为不计的状态（已撤销）；代码表 compulsion_kind 列为不计的种类。
select
    count(*) as value,
    count(*) as row_count
from compulsion_measure as t
inner join code_enforcement_status as status on t.status = status.code
left join code_compulsion_kind as kind on t.measure_kind = kind.code
where
    status.counts_as = 'counted'
    and coalesce(kind.counts_as, 'counted') = 'counted'
    and t.taken_at >= :year_start
    and t.taken_at < :year_end
