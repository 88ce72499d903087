-- The meter above a device today: its name where it is always the same, else the one of a list that counts today. Without
-- a query in it, so that it becomes part of the views: called by the row, it took half of the time of the newest values.
create function grafana.meter_above(declaration jsonb, today date) returns text language sql stable as $$
select case jsonb_typeof(declaration -> 'submeter_of')
    when 'array' then grafana.meter_above_on(declaration -> 'submeter_of', today)
    else declaration ->> 'submeter_of'
end
$$
