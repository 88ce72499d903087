-- When series were first heard of, microseconds: now, where that was never noted.
insert into kpi_heard as known (series_id, since)
select series_id, %(now)s from unnest(%(series)s::integer[]) as asked (series_id)
on conflict (series_id) do update set since = known.since
returning series_id, (extract(epoch from since) * 1000000)::bigint as since_us
