-- name: session_lock
-- Writers of sessions take turns until their transactions end: two contents of one session must see each other.
select pg_advisory_xact_lock(hashtext('pharos charging_session'))

-- name: session_span_add
-- Declare that every session of some devices in [from_time, to_time) is here, and mark what that changes.
with added as (
    insert into charging_session_span (device_id, from_time, to_time, source_id)
    select device_id, %(from_time)s, %(to_time)s, source_id
    from unnest(%(device_id)s::integer[], %(source_id)s::smallint[]) as declared (device_id, source_id)
    on conflict do nothing
    returning device_id
)
insert into observation_mark (series_id, from_time, to_time)
select series_id, month, least(month + interval '1 month', %(to_time)s) - interval '1 microsecond'
from added join series using (device_id)
cross join generate_series(%(from_time)s::timestamptz, %(to_time)s::timestamptz - interval '1 microsecond',
                           interval '1 month') as month
where kind = 'session'

-- name: session_effective
-- When some sessions begin, as they are effective now.
select device_id, transaction_id, begin_at from charging_session
where (device_id, transaction_id) in (select * from unnest(%(device_id)s::integer[], %(transaction_id)s::text[]))

-- name: session_choose
-- Make of some sessions the content effective that they say themselves; returns what changed.
insert into charging_session (device_id, transaction_id, begin_at, end_at, energy_kwh, source_id, received_at)
select distinct on (device_id, transaction_id)
    device_id, transaction_id, begin_at, end_at, energy_kwh, source_id, received_at
from charging_session_version join source using (source_id)
where (device_id, transaction_id) in (select * from unnest(%(device_id)s::integer[], %(transaction_id)s::text[]))
order by device_id, transaction_id, rank desc, end_at desc nulls last, energy_kwh desc nulls last,
    begin_at, source_id
on conflict (device_id, transaction_id) do update set
    begin_at = excluded.begin_at, end_at = excluded.end_at, energy_kwh = excluded.energy_kwh,
    lower_kwh = null, upper_kwh = null,
    source_id = excluded.source_id, received_at = excluded.received_at
where (charging_session.begin_at, charging_session.end_at, charging_session.energy_kwh)
    is distinct from (excluded.begin_at, excluded.end_at, excluded.energy_kwh)
returning device_id, transaction_id, begin_at

-- name: session_versions
-- Every content that is known of some sessions.
select device_id, transaction_id, begin_at, end_at, energy_kwh
from charging_session_version
where (device_id, transaction_id) in (select * from unnest(%(device_id)s::integer[], %(transaction_id)s::text[]))

-- name: session_version_add
-- Keep contents that are not known yet from their sources.
insert into charging_session_version
    (device_id, transaction_id, begin_at, end_at, energy_kwh, source_id, received_at)
select * from unnest(%(device_id)s::integer[], %(transaction_id)s::text[], %(begin_at)s::timestamptz[],
                     %(end_at)s::timestamptz[], %(energy_kwh)s::double precision[], %(source_id)s::smallint[],
                     %(received_at)s::timestamptz[])
on conflict do nothing

-- name: session_mark
-- Mark the hours in which sessions began for the series that are made of them.
insert into observation_mark (series_id, from_time, to_time)
select series_id, min(touched.time), max(touched.time)
from unnest(%(device_id)s::integer[], %(time)s::timestamptz[]) as touched (device_id, time)
join series using (device_id)
where kind = 'session'
group by series_id, date_trunc('month', touched.time)

-- name: session_hour_mark
-- Mark the hours in which sessions began as changed for the series that are made of them.
insert into rollup_mark (series_id, from_time, to_time, is_first)
select series_id, touched.start_time, touched.end_time, touched.is_first
from unnest(%(device_id)s::integer[], %(start)s::timestamptz[], %(end)s::timestamptz[], %(is_first)s::boolean[])
    as touched (device_id, start_time, end_time, is_first)
join series using (device_id)
where kind = 'session'
