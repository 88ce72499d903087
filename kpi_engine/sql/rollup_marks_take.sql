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
