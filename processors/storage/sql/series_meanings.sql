-- What decides how the stored readings of a series become rollups; the facts of a site bound what sessions can deliver.
select series_id, kind, case when kind = 'register' then register_contract end, plausible_change, max_gap, filling,
    expected_interval::text, stamp_tolerance, timezone,
    case when kind = 'session' or quantity in ('plugged_in', 'connector_status') then facts end
from series join device using (device_id) join site using (site_id) join city on city.city_id = device.city_id
