-- What decides how the stored readings of a series become rollups.
select series_id, kind, register_contract, max_gap, expected_interval, timezone
from series join device using (device_id) join city using (city_id)
