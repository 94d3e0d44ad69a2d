-- 规章和行政规范性文件：本机关制发、废止和年度末现行有效的件数。
-- 参数：:year_start、:year_end，北京时间，前闭后开；:body_name，本机关名称。单位：件。
-- 不计：转载其他机关的文件（issuer 不是本机关）。
select
    code.counts_as as kind,
    'made' as action,
    count(*) as value,
    count(*) as row_count
from published_item as t
inner join code_document_kind as code on t.document_kind = code.code
where
    t.issuer = :body_name
    and t.dated_on >= :year_start
    and t.dated_on < :year_end
group by code.counts_as
union all
select
    code.counts_as as kind,
    'abolished' as action,
    count(*) as value,
    count(*) as row_count
from published_item as t
inner join code_document_kind as code on t.document_kind = code.code
where
    t.issuer = :body_name
    and t.abolished_on >= :year_start
    and t.abolished_on < :year_end
group by code.counts_as
union all
select
    code.counts_as as kind,
    'valid' as action,
    count(*) as value,
    count(*) as row_count
from published_item as t
inner join code_document_kind as code on t.document_kind = code.code
where
    t.issuer = :body_name
    and t.dated_on < :year_end
    and (t.abolished_on is null or t.abolished_on >= :year_end)
group by code.counts_as
