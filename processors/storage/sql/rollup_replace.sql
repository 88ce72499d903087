-- Replaces stored rollups of one period by the staged ones.
update rollup r
set bucket_end = s.bucket_end,
    count = s.count,
    minimum = s.minimum,
    maximum = s.maximum,
    total = s.total,
    integral = s.integral,
    estimated = s.estimated,
    measured = s.measured,
    weighted = s.weighted,
    covered_from = s.covered_from,
    covered_to = s.covered_to,
    measured_from = s.measured_from,
    measured_to = s.measured_to,
    rejected = s.rejected,
    contract = s.contract,
    interpolated = s.interpolated,
    estimated_time = s.estimated_time,
    pause = s.pause,
    first_at = s.first_at,
    last_at = s.last_at,
    updated_at = now()
from rollup_staging s
where r.period = %(period)s and r.series_id = s.series_id and r.bucket = s.bucket
