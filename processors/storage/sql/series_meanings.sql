-- What decides how the stored readings of a series become rollups.
select series_id, kind, case when kind = 'register' then register_contract end, max_gap, expected_interval, timezone
from series join device using (device_id) join city using (city_id)
