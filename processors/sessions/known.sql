-- name: session_listed
-- The sessions of some devices that begin in [from_time, to_time), and those that run at the same time as one of them.
with asked as (
    select device_id, max(end_at) as until
    from charging_session
    where device_id = any(%(device_id)s) and begin_at >= %(from_time)s and begin_at < %(to_time)s
    group by device_id
)
select c.device_id, c.transaction_id, c.begin_at, c.end_at, c.energy_kwh, c.lower_kwh, c.upper_kwh
from asked join charging_session c using (device_id)
where c.begin_at < greatest(%(to_time)s, asked.until) and (c.begin_at >= %(from_time)s or c.end_at > %(from_time)s)
order by c.device_id, c.begin_at, c.transaction_id
