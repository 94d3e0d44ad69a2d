-- 驾驶人保有量：报告年度末持有有效驾驶证的人，按准驾车型；合计另行计数，供勾稽。
-- 参数：:year_end，北京时间，年度末次日零时。单位：人。
-- 不计：年度末以前已注销、转出的。兼有汽车和摩托车准驾车型的，只计为汽车驾驶员；D、E、F 是摩托车，其余是汽车。
with initial as (
    select distinct
        t.counts_as,
        substr(t.code, 1, 1) as letter
    from code_licence_class as t
),

holder as (
    select
        case
            when t.licence_class like '%A%' then 'A'
            when t.licence_class like '%B%' then 'B'
            when t.licence_class like '%C%' then 'C'
            when t.licence_class like '%M%' then 'M'
            when t.licence_class like '%N%' then 'N'
            when t.licence_class like '%P%' then 'P'
            else substr(t.licence_class, 1, 1)
        end as leading_class
    from licence_register as t
    where
        t.issued_on < :year_end
        and (t.left_on is null or t.left_on >= :year_end)
)

select
    code.counts_as as kind,
    count(*) as value,
    count(*) as row_count
from holder
left join initial as code on holder.leading_class = code.letter
group by code.counts_as
union all
select
    'total' as kind,
    count(*) as value,
    count(*) as row_count
from holder
