-- name: rollup_marks_take
-- Takes all marks of changed hours, merged per series, apart those that held no reading before; marks written meanwhile
-- stay for the next time.
with taken as (
    delete from rollup_mark returning series_id, from_time, to_time, is_first
),
merged as (
    select series_id, is_first, unnest(range_agg(tstzrange(from_time, to_time))) as span
    from taken
    group by series_id, is_first
)
select
    series_id,
    (extract(epoch from lower(span)) * 1000000)::bigint as start_us,
    (extract(epoch from upper(span)) * 1000000)::bigint as end_us,
    is_first
from merged

-- name: heard
-- When series were first heard of, microseconds: now, where that was never noted.
insert into kpi_heard as known (series_id, since)
select series_id, %(now)s from unnest(%(series)s::integer[]) as asked (series_id)
on conflict (series_id) do update set since = known.since
returning series_id, (extract(epoch from since) * 1000000)::bigint as since_us

-- name: first_buckets
-- The first hour known of each series.
select wanted.series_id, (extract(epoch from earliest.bucket) * 1000000)::bigint as start_us
from unnest(%(series)s::integer[]) as wanted (series_id)
cross join lateral (
    select least(
        (select first from hours_kept(wanted.series_id)),
        (select min(d.bucket) from state_duration d where d.period = 'hour' and d.series_id = wanted.series_id)
    ) as bucket
) as earliest
where earliest.bucket is not null

-- name: extent_upsert
-- Records how far the figures of one subject reach.
insert into kpi_extent (city_id, site_id, life_from, through, definition)
values (%(city_id)s, %(site_id)s, %(life_from)s, %(through)s, %(definition)s)
on conflict (city_id, site_id) do update
    set life_from = excluded.life_from, through = excluded.through, definition = excluded.definition

-- name: extent_parts
-- What the definitions of one subject were made of when its figures were last put on the agenda; null: not kept yet.
select parts from kpi_extent where city_id = %(city_id)s and site_id is not distinct from %(site_id)s

-- name: extent_parts_keep
-- Keeps what the definitions of one subject are made of.
update kpi_extent set parts = %(parts)s
where city_id = %(city_id)s and site_id is not distinct from %(site_id)s
