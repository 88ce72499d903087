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
