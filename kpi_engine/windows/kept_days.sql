-- name: group_days_kept
-- The days kept of given groups and spans.
select
    d.digest,
    (extract(epoch from d.day) * 1000000)::bigint as start_us,
    (extract(epoch from d.day_end) * 1000000)::bigint as end_us,
    d.hours
from unnest(%(digests)s::text[], %(starts)s::timestamptz[], %(ends)s::timestamptz[]) as wanted (digest, start, finish)
join kpi_group_day d on (d.digest, d.day, d.day_end) = (wanted.digest, wanted.start, wanted.finish)

-- name: group_days_keep
-- Keeps days.
insert into kpi_group_day (digest, day, day_end, hours)
select * from unnest(%(digests)s::text[], %(starts)s::timestamptz[], %(ends)s::timestamptz[], %(hours)s::bytea[])
on conflict (digest, day) do update set day_end = excluded.day_end, hours = excluded.hours

-- name: group_days_forget
-- Forgets the days of groups that overlap spans in which something changed.
delete from kpi_group_day d
using unnest(%(digests)s::text[], %(starts)s::timestamptz[], %(ends)s::timestamptz[]) as changed (digest, start, finish)
where d.digest = changed.digest
    and d.day < changed.finish
    and d.day > changed.start - interval '2 days'
    and d.day_end > changed.start

-- name: group_days_define
-- Forgets days of groups that nobody asks for.
delete from kpi_group_day where digest <> all (%(digests)s::text[])
