-- 本年度办理结果：报告年度内答复的申请，按办理结果和申请人；行、列合计另行计数，供勾稽。
-- 参数：:year_start、:year_end，北京时间，前闭后开。单位：件。
-- 不计：无；区分处理的申请登记簿只记“部分公开”一种结果。
select
    code_a.counts_as as result,
    code_b.counts_as as applicant,
    count(*) as value,
    count(*) as row_count
from application as t
left join code_application_result as code_a on t.result = code_a.code
left join code_applicant_kind as code_b on t.applicant_kind = code_b.code
where
    t.answered_on >= :year_start
    and t.answered_on < :year_end
group by code_a.counts_as, code_b.counts_as
union all
select
    code_a.counts_as as result,
    'total' as applicant,
    count(*) as value,
    count(*) as row_count
from application as t
left join code_application_result as code_a on t.result = code_a.code
where
    t.answered_on >= :year_start
    and t.answered_on < :year_end
group by code_a.counts_as
union all
select
    'total' as result,
    code_b.counts_as as applicant,
    count(*) as value,
    count(*) as row_count
from application as t
left join code_applicant_kind as code_b on t.applicant_kind = code_b.code
where
    t.answered_on >= :year_start
    and t.answered_on < :year_end
group by code_b.counts_as
union all
select
    'total' as result,
    'total' as applicant,
    count(*) as value,
    count(*) as row_count
from application as t
where
    t.answered_on >= :year_start
    and t.answered_on < :year_end
