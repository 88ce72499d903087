-- Of each balance the newest hour that is known and ended on time: its end, and what it left over in percent of what went in.
select
    array_agg(coalesce(newest.bucket_end, '-infinity') order by wanted.position),
    array_agg(coalesce(newest.share, 'NaN') order by wanted.position)
from unnest(%(devices)s::integer[], %(quantities)s::text[]) with ordinality as wanted (device_id, quantity, position)
left join kpi_residual_series s on (s.device_id, s.quantity) = (wanted.device_id, wanted.quantity)
left join lateral (
    select r.bucket_end, 100 * r.value / r.reference as share
    from kpi_residual r
    where r.period = 'hour'
        and r.series_id = s.series_id
        and r.bucket >= %(earliest)s - interval '2 hours'
        and r.bucket_end >= %(earliest)s
        and r.reference > 0
    order by r.bucket desc
    limit 1
) newest on true
