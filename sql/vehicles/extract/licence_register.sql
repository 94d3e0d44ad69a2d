-- 驾驶证登记库：提取时的全部档案，含已注销、转出的，期末数按日期计算。
-- 参数：无。
-- 个人信息：证件号码，只用于查一人多档。
select
    DABH as file_number,
    SFZMHM as identity_number,
    ZJCX as licence_class,
    CCLZRQ as issued_on,
    ZT as status,
    ZXRQ as left_on
from DRIVINGLICENSE
