-- Series in civil hours, days and months of the city's zone (`period`), as rolled up.
-- `amount` of a register, of intervals or of sessions is whole or null, never partial, and null where a fifth of it rests on
-- readings that are not believed; of an open bucket it is the amount so far.
-- `rejected`: readings that all of this leaves out. `mean` of a gauge is weighted by time. `coverage` is the known share of the bucket, as in GET /series/{id}/aggregates.
-- The shares of time add up to 1; they and the longest gap are null where they were never computed and the readings are
-- gone. `longest_gap_s`: without a reading, from and to the edges of the bucket as well, up to now in an open one.
-- `kept_from`, `kept_to`: the row or block of hours in which it is kept. Who asks for a range of time asks that they overlap
-- it as well: then no other hours are read.
create view grafana.series as
select
    c.name as city, s.name as site, s.title as site_title, s.vertical,
    d.name as device, d.title as device_title, d.type, d.carrier, d.direction,
    r.series_id, r.quantity, r.unit, r.kind,
    u.period, u.bucket as time, u.bucket_end as time_end,
    case
        when u.bucket_end + r.max_gap > now() then u.total
        when u.doubt_above is not null and not u.doubt_above + u.doubt_below <= 0.2 * abs(u.total) then null
        when r.kind = 'register' and u.covered_from = u.bucket and u.covered_to = u.bucket_end then u.total
        when r.kind in ('interval', 'session')
            and u.measured >= extract(epoch from u.bucket_end - u.bucket) * (1 - 1e-9) then u.total
    end as amount,
    case when u.weighted > 0 then u.integral / u.weighted end as mean,
    u.minimum, u.maximum, u.count as readings, u.rejected,
    case
        when r.kind <> 'register' then u.measured / extract(epoch from u.bucket_end - u.bucket)
        else coalesce(
            extract(epoch from u.measured_to - u.measured_from) / extract(epoch from u.bucket_end - u.bucket), 0)
    end::double precision as coverage,
    u.bucket_end + r.max_gap > now() as provisional,
    u.measured / l.seconds as measured_share,
    u.interpolated / l.seconds as interpolated_share,
    u.estimated_time / l.seconds as estimated_share,
    greatest(0, l.seconds - u.measured - u.interpolated - u.estimated_time) / l.seconds as unknown_share,
    case when u.pause is not null then greatest(
        0, u.pause,
        extract(epoch from coalesce(u.first_at, least(u.bucket_end, now())) - u.bucket),
        extract(epoch from least(u.bucket_end, now()) - coalesce(u.last_at, u.bucket))
    ) end::double precision as longest_gap_s,
    case when r.kind <> 'session' then l.seconds / extract(epoch from d.expected_interval) end::double precision
        as expected_readings,
    case when r.kind <> 'session' then u.count * extract(epoch from d.expected_interval) / l.seconds
        end::double precision as count_coverage,
    u.kept_from, u.kept_to
from public.series r
cross join lateral (
    select
        period, bucket, bucket_end, bucket as kept_from, bucket_end as kept_to,
        count, minimum, maximum, total, integral, measured, weighted, covered_from, covered_to,
        measured_from, measured_to, rejected, interpolated, estimated_time, pause, first_at, last_at, doubt_below, doubt_above
    from public.rollup_row
    where series_id = r.series_id
    union all
    select
        'hour', bucket, bucket_end, starts, ends,
        count, minimum, maximum, total, integral, measured, weighted, covered_from, covered_to,
        measured_from, measured_to, rejected, interpolated, estimated_time, pause, first_at, last_at, doubt_below, doubt_above
    from public.rollup_packed
    where series_id = r.series_id
) as u
cross join lateral (select extract(epoch from u.bucket_end - u.bucket)::double precision as seconds) l
join public.device d using (device_id)
join public.site s using (site_id)
join public.city c on c.city_id = d.city_id
