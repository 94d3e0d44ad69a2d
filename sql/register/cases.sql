-- 政府信息公开行政复议、行政诉讼：报告年度内审结的按结果，年度末尚未审结的另计；总计另行计数，供勾稽。
-- 参数：:year_start、:year_end，北京时间，前闭后开。单位：件。
-- 不计：年初以前已审结的。
select
    route.counts_as as route,
    outcome.counts_as as outcome,
    count(*) as value,
    count(*) as row_count
from review_case as t
left join code_case_route as route on t.route = route.code
left join code_case_outcome as outcome on t.outcome = outcome.code
where
    t.concluded_on >= :year_start
    and t.concluded_on < :year_end
group by route.counts_as, outcome.counts_as
union all
select
    route.counts_as as route,
    'pending' as outcome,
    count(*) as value,
    count(*) as row_count
from review_case as t
left join code_case_route as route on t.route = route.code
where
    t.accepted_on < :year_end
    and (t.concluded_on is null or t.concluded_on >= :year_end)
group by route.counts_as
union all
select
    route.counts_as as route,
    'total' as outcome,
    count(*) as value,
    count(*) as row_count
from review_case as t
left join code_case_route as route on t.route = route.code
where
    t.accepted_on < :year_end
    and (t.concluded_on is null or t.concluded_on >= :year_start)
group by route.counts_as
