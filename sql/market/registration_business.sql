-- 经营主体登记业务量：报告年度内办结的登记和备案业务，按业务种类；合计另行计数，供勾稽。
-- 参数：:year_start、:year_end，北京时间，前闭后开。单位：件。
-- 不计：代码表 transaction_status 列为不计的状态（退办）。
select
    code.counts_as as kind,
    count(*) as value,
    count(*) as row_count
from registration_transaction as t
inner join code_transaction_status as status on t.status = status.code
left join code_registration_kind as code on t.kind_code = code.code
where
    status.counts_as = 'counted'
    and t.completed_at >= :year_start
    and t.completed_at < :year_end
group by code.counts_as
union all
select
    'total' as kind,
    count(*) as value,
    count(*) as row_count
from registration_transaction as t
inner join code_transaction_status as status on t.status = status.code
where
    status.counts_as = 'counted'
    and t.completed_at >= :year_start
    and t.completed_at < :year_end
