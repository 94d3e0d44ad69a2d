-- 投诉举报：报告年度内登记的投诉和举报，及其中年度内办结的；接收另行计数，供勾稽。
-- 参数：:year_start、:year_end，北京时间，前闭后开。单位：件。
-- 不计：代码表 complaint_category 列为不计的类别（咨询）；代码表 complaint_status 列为不计的状态（已撤回）。
with registered as (
    select
        category.counts_as as category_group,
        status.counts_as as status_group,
        t.concluded_at
    from market_complaint as t
    left join code_complaint_category as category on t.category = category.code
    inner join code_complaint_status as status on t.status = status.code
    where
        status.counts_as <> 'not_counted'
        and (category.counts_as is null or category.counts_as <> 'not_counted')
        and t.received_at >= :year_start
        and t.received_at < :year_end
)

select
    category_group as kind,
    count(*) as value,
    count(*) as row_count
from registered
group by category_group
union all
select
    'concluded' as kind,
    count(*) as value,
    count(*) as row_count
from registered
where
    status_group = 'concluded'
    and concluded_at < :year_end
union all
select
    'received' as kind,
    count(*) as value,
    count(*) as row_count
from registered
