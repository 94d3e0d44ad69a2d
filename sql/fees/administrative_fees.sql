-- 行政事业性收费金额：报告年度内收取的行政事业性收费。
-- 参数：:year_start、:year_end，北京时间，前闭后开。单位：元。
-- 不计：代码表 fee_category 归入别处的款项，罚没收入不是收费。
select
    cast(coalesce(sum(t.amount_yuan), 0) as decimal(18, 2)) as value,
    count(*) as row_count
from fee_line as t
inner join code_fee_category as category on t.category = category.code
where
    category.counts_as = 'administrative_fees'
    and t.paid_on >= :year_start
    and t.paid_on < :year_end
