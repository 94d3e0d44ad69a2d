-- 本年新收政府信息公开申请：报告年度内收到的申请，按申请人。
-- 参数：:year_start、:year_end，北京时间，前闭后开。单位：件。
-- 不计：无。
select
    code.counts_as as applicant,
    count(*) as value,
    count(*) as row_count
from application as t
left join code_applicant_kind as code on t.applicant_kind = code.code
where
    t.received_on >= :year_start
    and t.received_on < :year_end
group by code.counts_as
union all
select
    'total' as applicant,
    count(*) as value,
    count(*) as row_count
from application as t
where
    t.received_on >= :year_start
    and t.received_on < :year_end
