-- Makes hours due; what is due already stays as it is.
insert into kpi_residual_due (series_id, from_time, to_time)
select
    due.series_id,
    timestamptz 'epoch' + due.start_us * interval '1 microsecond',
    timestamptz 'epoch' + due.end_us * interval '1 microsecond'
from unnest(%(series)s::integer[], %(starts)s::bigint[], %(ends)s::bigint[]) as due (series_id, start_us, end_us)
on conflict do nothing
