-- name: hours_of_series
-- The hours of given series and spans, an array per column: those of a block as they are kept, which may reach beyond the
-- span, and those that are rows, of a span together. NaN, and the least of all numbers, for what is not known. Of each
-- run the place of its span, the begin of its block in microseconds (of rows 0), and its kind: 0, a block; 1, a block in
-- place of some of whose hours rows hold; 2, rows; and how many hours it has. An array of one element stands for as many
-- as there are hours. Times of a block are told from its begin and from the edges of its hours, those of rows as they are.
with span as materialized (
    select
        number, series_id,
        timestamptz 'epoch' + start_us * interval '1 microsecond' as from_time,
        timestamptz 'epoch' + end_us * interval '1 microsecond' as to_time
    from unnest(%(series)s::integer[], %(starts)s::bigint[], %(ends)s::bigint[])
        with ordinality as asked (series_id, start_us, end_us, number)
)
select
    span.number - 1, (extract(epoch from b.starts) * 1000000)::bigint, b.is_open::integer::bigint, cardinality(b.at)::bigint,
    alike(b.measured), alike(b.estimated), array_replace(b.total, null, 'NaN'),
    array_replace(alike(b.interpolated), null, 0), array_replace(alike(b.estimated_time), null, 0),
    case when b.integral is not null then alike(b.weighted) end,
    array_replace(b.integral, null, 'NaN'),
    case when b.integral is not null then array_replace(b.minimum, null, 'NaN') end,
    case when b.integral is not null then array_replace(b.maximum, null, 'NaN') end,
    array_replace(alike(b.entry_seconds), null, 'NaN'), array_replace(b.entry_amount, null, 'NaN'),
    array_replace(alike(b.exit_seconds), null, 'NaN'), array_replace(b.exit_amount, null, 'NaN'),
    array_replace(b.doubt_below, null, 'NaN'), array_replace(b.doubt_above, null, 'NaN'),
    b.at, alike(b.seconds),
    array_replace(alike(b.covered_from), null, '-9223372036854775808'::bigint),
    array_replace(alike(b.covered_to), null, '-9223372036854775808'::bigint),
    array_replace(alike(b.first_at), null, '-9223372036854775808'::bigint),
    array_replace(alike(b.last_at), null, '-9223372036854775808'::bigint),
    null::timestamptz[], null::timestamptz[], null::timestamptz[], null::timestamptz[], null::timestamptz[],
    null::timestamptz[]
from span
cross join lateral (
    select *
    from rollup_block k
    where k.series_id = span.series_id and k.starts > span.from_time - interval '192 hours' and k.starts < span.to_time
        and k.ends > span.from_time
    offset 0 -- keeps it a look-up by the key
) b
union all
select
    span.number - 1, 0::bigint, 2::bigint, count(*),
    array_agg(r.measured), array_agg(r.estimated), array_agg(coalesce(r.total, 'NaN')),
    array_agg(coalesce(r.interpolated, 0)), array_agg(coalesce(r.estimated_time, 0)),
    array_agg(r.weighted), array_agg(coalesce(r.integral, 'NaN')),
    array_agg(coalesce(r.minimum, 'NaN')), array_agg(coalesce(r.maximum, 'NaN')),
    array_agg(coalesce(r.entry_seconds, 'NaN')), array_agg(coalesce(r.entry_amount, 'NaN')),
    array_agg(coalesce(r.exit_seconds, 'NaN')), array_agg(coalesce(r.exit_amount, 'NaN')),
    array_agg(coalesce(r.doubt_below, 'NaN')), array_agg(coalesce(r.doubt_above, 'NaN')),
    null::integer[], null::integer[], null::bigint[], null::bigint[], null::bigint[], null::bigint[],
    array_agg(r.bucket), array_agg(r.bucket_end),
    array_agg(coalesce(r.covered_from, '-infinity')), array_agg(coalesce(r.covered_to, '-infinity')),
    array_agg(coalesce(r.first_at, '-infinity')), array_agg(coalesce(r.last_at, '-infinity'))
from span
cross join lateral rollup_rows_of('hour', span.series_id, span.from_time, span.to_time) r
group by span.number
