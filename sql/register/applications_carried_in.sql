-- 上年结转政府信息公开申请：报告年度以前收到、年初尚未答复的申请，按申请人。
-- 参数：:year_start、:year_end，北京时间，前闭后开。单位：件。
-- 不计：年初以前已答复的。
select
    code.counts_as as applicant,
    count(*) as value,
    count(*) as row_count
from application as t
left join code_applicant_kind as code on t.applicant_kind = code.code
where
    t.received_on < :year_start
    and (t.answered_on is null or t.answered_on >= :year_start)
group by code.counts_as
union all
select
    'total' as applicant,
    count(*) as value,
    count(*) as row_count
from application as t
where
    t.received_on < :year_start
    and (t.answered_on is null or t.answered_on >= :year_start)
