-- 结转下年度继续办理：年度末以前收到、年度末尚未答复的申请，按申请人。
-- 参数：:year_end，北京时间，年度末次日零时。单位：件。
-- 不计：年度末以前已答复的。
select
    code.counts_as as applicant,
    count(*) as value,
    count(*) as row_count
from application as t
left join code_applicant_kind as code on t.applicant_kind = code.code
where
    t.received_on < :year_end
    and (t.answered_on is null or t.answered_on >= :year_end)
group by code.counts_as
union all
select
    'total' as applicant,
    count(*) as value,
    count(*) as row_count
from application as t
where
    t.received_on < :year_end
    and (t.answered_on is null or t.answered_on >= :year_end)
