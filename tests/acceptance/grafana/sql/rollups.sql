-- A year of rollups of every series: plausible sums and means, in civil time.
insert into rollup (
    period, series_id, bucket, bucket_end, count, minimum, maximum, total, integral, estimated, measured, weighted,
    covered_from, covered_to, measured_from, measured_to
)
select
    %(period)s, r.series_id, b.start, b.finish, seconds / 900, 20, 22,
    case when r.kind <> 'gauge' then seconds / 1800 end, case when r.kind = 'gauge' then 21 * seconds end, 0, seconds,
    case when r.kind = 'gauge' then seconds else 0 end, b.start, b.finish, b.start, b.finish
from series r
cross join (
    select
        day at time zone 'Europe/Copenhagen' as start,
        (day + ('1 ' || %(period)s)::interval) at time zone 'Europe/Copenhagen' as finish
    from generate_series(
        date_trunc(%(period)s, now() at time zone 'Europe/Copenhagen') - interval '1 year',
        now() at time zone 'Europe/Copenhagen' - ('1 ' || %(period)s)::interval,
        ('1 ' || %(period)s)::interval
    ) day
) b
cross join lateral (select extract(epoch from b.finish - b.start) as seconds) length
on conflict do nothing
