-- What figures speak of: the city as a whole (no name) and its sites.
select __text, __value
from (
    select 0 as place, 'City as a whole' as __text, '-' as __value
    union all
    select 1, title, site from grafana.site where city = ${city:sqlstring}
) subject
order by place, __text
