-- name: group_days_kept
-- The days kept of given groups within stretches of time, with the number of the group in ``digests``.
select
    wanted.number,
    (extract(epoch from d.day) * 1000000)::bigint as start_us,
    (extract(epoch from d.day_end) * 1000000)::bigint as end_us,
    d.hours
from unnest(%(numbers)s::bigint[], %(starts)s::bigint[], %(ends)s::bigint[]) as wanted (number, start_us, end_us)
join kpi_group_day d
    on d.digest = (%(digests)s::text[])[wanted.number + 1]
    and d.day >= timestamptz 'epoch' + wanted.start_us * interval '1 microsecond'
    and d.day < timestamptz 'epoch' + wanted.end_us * interval '1 microsecond'

-- name: group_days_keep
-- Keeps days.
insert into kpi_group_day (digest, day, day_end, hours)
select
    (%(digests)s::text[])[kept.number + 1],
    timestamptz 'epoch' + kept.start_us * interval '1 microsecond',
    timestamptz 'epoch' + kept.end_us * interval '1 microsecond',
    kept.hours
from unnest(%(numbers)s::bigint[], %(starts)s::bigint[], %(ends)s::bigint[], %(hours)s::bytea[])
    as kept (number, start_us, end_us, hours)
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
