-- The meter above one, as its declaration says for a day: by name, or by name from some day to another; null without one.
create function grafana.meter_above(declaration jsonb, today date) returns text language sql stable as $$
select case jsonb_typeof(declaration -> 'submeter_of')
    when 'array' then (
        select above ->> 'meter'
        from jsonb_array_elements(declaration -> 'submeter_of') above
        where coalesce((above ->> 'valid_from')::date, '-infinity') <= today
            and coalesce((above ->> 'valid_to')::date, 'infinity') > today
        limit 1
    )
    else declaration ->> 'submeter_of'
end
$$
