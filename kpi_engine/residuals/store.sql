-- name: residual_series
-- The residual series that are known, with the names and the definition that decide their values.
select r.series_id, c.name as city, d.name as device, r.quantity, r.definition
from kpi_residual_series r
join device d using (device_id)
join city c using (city_id)

-- name: residual_series_end
-- Removes residual series of which the topology knows nothing any more, with all their values.
with ended as (
    delete from kpi_residual_series where series_id = any(%(series)s)
),
forgotten as (
    delete from kpi_residual_due where series_id = any(%(series)s)
)
delete from kpi_residual where series_id = any(%(series)s)

-- name: residual_due_whole
-- Makes everything due that is known of the members of residual series, or that was computed of them.
insert into kpi_residual_due (series_id, from_time, to_time)
select wanted.residual_id, min(known.first), max(known.last)
from unnest(%(residuals)s::integer[], %(members)s::integer[]) as wanted (residual_id, member_id)
cross join lateral (
    (select first, last from hours_kept(wanted.member_id) where first is not null)
    union all
    (select bucket, bucket_end from kpi_residual
        where period = 'hour' and series_id = wanted.residual_id order by bucket limit 1)
    union all
    (select bucket, bucket_end from kpi_residual
        where period = 'hour' and series_id = wanted.residual_id order by bucket desc limit 1)
) as known
group by wanted.residual_id
on conflict do nothing

-- name: residual_due_add
-- Makes hours due; what is due already stays as it is.
insert into kpi_residual_due (series_id, from_time, to_time)
select
    due.series_id,
    timestamptz 'epoch' + due.start_us * interval '1 microsecond',
    timestamptz 'epoch' + due.end_us * interval '1 microsecond'
from unnest(%(series)s::integer[], %(starts)s::bigint[], %(ends)s::bigint[]) as due (series_id, start_us, end_us)
on conflict do nothing

-- name: residual_due_take
-- Takes the newest hours that are due and over, at most so many rows.
with chosen as (
    select ctid
    from kpi_residual_due
    where from_time < %(through)s
    order by to_time desc
    limit %(limit)s
)
delete from kpi_residual_due d
using chosen
where d.ctid = chosen.ctid
returning
    d.series_id,
    (extract(epoch from d.from_time) * 1000000)::bigint as start_us,
    (extract(epoch from d.to_time) * 1000000)::bigint as end_us

-- name: residual_amounts
-- Amounts of given series and spans in order, an array per column; NaN where a bucket is not known from edge to
-- edge, or readings in it are not believed.
select array_agg(a.series_id), array_agg(a.bucket), array_agg(a.total), array_agg(a.estimated)
from (
    select
        r.series_id, r.bucket, r.estimated,
        coalesce(
            case
                when r.doubt_above is not null then null
                when s.kind in ('interval', 'session')
                    then case when r.measured >= extract(epoch from r.bucket_end - r.bucket) * (1 - 1e-9) then r.total end
                when r.covered_from = r.bucket and r.covered_to = r.bucket_end then r.total
            end,
            'NaN'
        ) as total
    from unnest(%(series)s::integer[], %(starts)s::bigint[], %(ends)s::bigint[]) as span (series_id, start_us, end_us)
    join series s on s.series_id = span.series_id
    cross join lateral rollups_of(
        %(period)s, span.series_id,
        timestamptz 'epoch' + span.start_us * interval '1 microsecond',
        timestamptz 'epoch' + span.end_us * interval '1 microsecond'
    ) r
    order by r.series_id, r.bucket
) a

-- name: residual_staging_table
-- Creates the session's staging table for residuals.
create temporary table if not exists residual_staging on commit delete rows as
select series_id, bucket, bucket_end, value, reference, estimated, reason from kpi_residual with no data

-- name: residual_staging_copy
-- Takes up residuals that were computed.
copy residual_staging (series_id, bucket, bucket_end, value, reference, estimated) from stdin (format binary)

-- name: residual_staging_reasons
-- Says of the staged residuals without a value why there is none.
update residual_staging s
set reason = given.reason
from unnest(%(series)s::integer[], %(buckets)s::bigint[], %(reasons)s::text[]) as given (series_id, micros, reason)
where s.series_id = given.series_id and s.bucket = timestamptz 'epoch' + given.micros * interval '1 microsecond'

-- name: residual_remove
-- Removes residuals of given spans that are none any more.
delete from kpi_residual r
using unnest(%(series)s::integer[], %(starts)s::bigint[], %(ends)s::bigint[]) as span (series_id, start_us, end_us)
where r.period = %(period)s
    and r.series_id = span.series_id
    and r.bucket >= timestamptz 'epoch' + span.start_us * interval '1 microsecond'
    and r.bucket < timestamptz 'epoch' + span.end_us * interval '1 microsecond'
    and not exists (select from residual_staging s where s.series_id = r.series_id and s.bucket = r.bucket)

-- name: residual_merge
-- Stores the staged residuals of one period, where they are new or differ.
insert into kpi_residual as r (period, series_id, bucket, bucket_end, value, reference, estimated, reason)
select %(period)s, series_id, bucket, bucket_end, value, reference, estimated, reason
from residual_staging
on conflict (period, series_id, bucket) do update
    set bucket_end = excluded.bucket_end, value = excluded.value, reference = excluded.reference,
        estimated = excluded.estimated, reason = excluded.reason
    where (r.bucket_end, r.value, r.reference, r.estimated, r.reason)
        is distinct from (excluded.bucket_end, excluded.value, excluded.reference, excluded.estimated, excluded.reason)

-- name: residual_series_upsert
-- Registers a residual series, or brings it up to what its topology says now.
insert into kpi_residual_series (device_id, quantity, title, unit, definition, members)
select d.device_id, %(quantity)s, %(title)s, %(unit)s, %(definition)s, %(members)s
from device d
join city c using (city_id)
where c.name = %(city)s and d.name = %(device)s
on conflict (device_id, quantity) do update
    set title = excluded.title, unit = excluded.unit, definition = excluded.definition, members = excluded.members
returning series_id
