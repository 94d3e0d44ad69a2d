-- 行政许可处理决定：报告年度内作出的行政许可决定，准予和不予都计。
-- 参数：:year_start、:year_end，北京时间，前闭后开。单位：件。
-- 不计：已撤回的（status 不是 '1'）。
select
    count(*) as value,
    count(*) as row_count
from licensing_decision as t
where
    t.status = '1'
    and t.decided_at >= :year_start
    and t.decided_at < :year_end
