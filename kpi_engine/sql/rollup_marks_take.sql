-- Takes all marks of changed hours, merged per series; marks written meanwhile stay for the next time.
with taken as (
    delete from rollup_mark returning series_id, from_time, to_time
),
merged as (
    select series_id, unnest(range_agg(tstzrange(from_time, to_time))) as span
    from taken
    group by series_id
)
select
    series_id,
    (extract(epoch from lower(span)) * 1000000)::bigint as start_us,
    (extract(epoch from upper(span)) * 1000000)::bigint as end_us
from merged
