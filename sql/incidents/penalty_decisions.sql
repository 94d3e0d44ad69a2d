-- 行政处罚处理决定：报告年度内作出的行政处罚决定。
-- 参数：:year_start、:year_end，北京时间，前闭后开。单位：件。
-- 不计：已撤销的（status 不是 '1'）；行政拘留（penalty_kind 为 '5'，由公安局决定，避免重复计算）。
select
    count(*) as value,
    count(*) as row_count
from penalty_decision as t
where
    t.status = '1'
    and t.penalty_kind <> '5'
    and t.decided_at >= :year_start
    and t.decided_at < :year_end
