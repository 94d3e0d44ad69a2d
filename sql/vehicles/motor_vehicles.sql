-- 机动车保有量：报告年度末在册的机动车，按号牌种类归类；合计另行计数，供勾稽。
-- 参数：:year_end，北京时间，年度末次日零时。单位：辆。
-- 不计：年度末以前已注销、转出、强制注销或牌证作废的（left_on 早于年度末）；号牌种类归入 not_counted 的，原因见代码表。
with stock as (
    select code.counts_as as kind
    from vehicle_register as t
    left join code_plate_class as code on t.plate_class = code.code
    where
        t.first_registered_on < :year_end
        and (t.left_on is null or t.left_on >= :year_end)
        and (code.counts_as is null or code.counts_as <> 'not_counted')
)

select
    kind,
    count(*) as value,
    count(*) as row_count
from stock
group by kind
union all
select
    'total' as kind,
    count(*) as value,
    count(*) as row_count
from stock
