-- name: figures_of_before
-- A city with a site and a group, 18 figures of them with their log, some of which are due.
insert into city (name, title, country, timezone, role, document, applied_at)
values ('town', 'Town', 'DK', 'Europe/Copenhagen', 'network', '{}', '2026-01-01Z');
insert into site (city_id, name, title, vertical, facts) select city_id, 'house', 'House', 'buildings', '[]' from city;
insert into site_group (city_id, name, title) select city_id, 'west', 'West' from city;
insert into kpi_value (
    kpi, city_id, site_id, period, period_start, period_end, value, lower, upper, unit, coverage, estimated_share,
    status, reason, through, factors, inputs, inputs_hash, rule_version, code_version, revision, computed_at,
    superseded_at, cause, cause_detail, rests_from, rests_on_first
)
select
    kpi, city_id, subject, period, start, start + interval '1 day', value, 0.1, 1e300, 'kWh', 0.3, share, status, reason,
    start + spent, factors::jsonb, jsonb_build_object('b', kpi, 'aa', array[0.1 + 0.2, 12], 'c', '{"é": "\n"}'::jsonb),
    encode(sha256(kpi::bytea), 'hex'), rule, '0.1.0', revision, start + spent, replaced, cause, detail, rests, first
from city
cross join (values (null), ((select site_id from site)), ((select group_id from site_group))) as of (subject)
cross join (values ('heat_delivered', 'day'), ('heat_emissions', 'month')) as what (kpi, period)
cross join (values
    (1, '2026-03-01 23:00Z'::timestamptz, '20 hours'::interval, null, null, 'insufficient', 'between 0 and 1',
        '[]', '1', '2026-03-02 20:30Z'::timestamptz, null, null,
            null::timestamptz, false),
    (2, '2026-03-01 23:00Z', '24 hours', 12.5, 0.0, 'final', null,
        '[{"name": "heat", "version": "2", "value": 0.10}]', '2.1', null, 'late data', 'late data of a', null, true),
    (1, '2026-03-02 23:00Z', '24 hours', -0.25, null, 'provisional', 'wide', '[{"series": "grid/x"}]', '2.1',
        null, 'new hour', null, '2026-02-01Z', false)
) as told (revision, start, spent, value, share, status, reason, factors, rule, replaced, cause, detail, rests, first);
insert into kpi_recomputation (kpi, city_id, site_id, period, period_start, cause, cause_detail, changed, computed_at)
select kpi, city_id, site_id, period, period_start, coalesce(cause, 'new hour'), cause_detail, revision = 1, computed_at
from kpi_value order by computed_at, value_id;
insert into kpi_due (kpi, city_id, site_id, period, period_start, cause, urgency, since)
select kpi, city_id, site_id, period, period_start, 'new hour', 1, now() from kpi_value where revision = 2
