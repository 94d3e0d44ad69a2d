-- 行政强制处理决定：报告年度内采取的行政强制措施，一份凭证计一件。
-- 参数：:year_start、:year_end，北京时间，前闭后开。单位：件。
-- 不计：已撤销的（status 不是 '1'）。
select
    count(*) as value,
    count(*) as row_count
from compulsion_measure as t
where
    t.status = '1'
    and t.taken_at >= :year_start
    and t.taken_at < :year_end
