-- Removes residuals of given spans that are none any more.
delete from kpi_residual r
using unnest(%(series)s::integer[], %(starts)s::bigint[], %(ends)s::bigint[]) as span (series_id, start_us, end_us)
where r.period = %(period)s
    and r.series_id = span.series_id
    and r.bucket >= timestamptz 'epoch' + span.start_us * interval '1 microsecond'
    and r.bucket < timestamptz 'epoch' + span.end_us * interval '1 microsecond'
    and not exists (select from residual_staging s where s.series_id = r.series_id and s.bucket = r.bucket)
