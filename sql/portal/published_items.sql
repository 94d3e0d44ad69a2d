-- 主动公开政府信息：报告年度内在政府网站发布的信息，按栏目；合计另行计数，供勾稽。
-- 参数：:year_start、:year_end，北京时间，前闭后开。单位：条。
-- 不计：已撤下的。
select
    code.counts_as as kind,
    count(*) as value,
    count(*) as row_count
from published_item as t
left join code_portal_section as code on t.section = code.code
where
    t.status = '已发布'
    and t.published_at >= :year_start
    and t.published_at < :year_end
group by code.counts_as
union all
select
    'total' as kind,
    count(*) as value,
    count(*) as row_count
from published_item as t
where
    t.status = '已发布'
    and t.published_at >= :year_start
    and t.published_at < :year_end
