-- 经营主体实有户数：报告年度末登记在册的经营主体，按主体类型；合计另行计数，供勾稽。
-- 参数：:year_end，北京时间，年度末次日零时。单位：户。
-- 不计：年度末以前已注销、吊销、撤销登记的（left_on 早于年度末）；主体类型归入 not_counted 的，原因见代码表。
with stock as (
    select code.counts_as as kind
    from registered_entity as t
    left join code_entity_kind as code on t.kind_code = code.code
    where
        t.established_on < :year_end
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
