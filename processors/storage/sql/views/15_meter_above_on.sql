-- The meter above a device on a day, of a list of them with their days; null where there is none.
create function grafana.meter_above_on(meters jsonb, today date) returns text language sql stable as $$
select above ->> 'meter'
from jsonb_array_elements(meters) above
where coalesce((above ->> 'valid_from')::date, '-infinity') <= today
    and coalesce((above ->> 'valid_to')::date, 'infinity') > today
limit 1
$$
