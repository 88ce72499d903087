-- A year of figures of some indicators for the city and each of its sites; every tenth period has none.
insert into kpi_value (
    kpi, city_id, site_id, period, period_start, period_end, value, unit, coverage, estimated_share, status, reason,
    through, factors, inputs, inputs_hash, rule_version, code_version, revision, computed_at
)
select
    kpi, city_id, site_id, %(period)s, b.start, b.finish, case when n %% 10 > 0 then 100 + n end, 'kWh',
    case when n %% 10 > 0 then 1 else 0.4 end, 0, case when n %% 10 > 0 then 'final' else 'insufficient' end,
    case when n %% 10 = 0 then 'coverage 0.400 is below 0.90' end,
    least(b.finish, now()), '[{"name": "grid", "version": "2026"}]', '{}', 'hash', '1', '1', 1, now()
from unnest(%(kpis)s::text[]) kpi
cross join (select city_id, null::integer as site_id from city union all select city_id, site_id from site) subject
cross join (
    select
        day at time zone 'Europe/Copenhagen' as start,
        (day + ('1 ' || %(period)s)::interval) at time zone 'Europe/Copenhagen' as finish,
        row_number() over (order by day desc) as n
    from generate_series(
        date_trunc(%(period)s, now() at time zone 'Europe/Copenhagen') - interval '1 year',
        now() at time zone 'Europe/Copenhagen',
        ('1 ' || %(period)s)::interval
    ) day
) b
