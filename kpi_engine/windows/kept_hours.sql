-- name: hours_kept
-- The days kept of given groups within stretches of time, those of a stretch together in order of time, with its number.
select
    wanted.number, array_agg(d.day order by d.day), array_agg(d.day_end order by d.day),
    string_agg(d.hours, ''::bytea order by d.day)
from unnest(%(digests)s::text[], %(numbers)s::bigint[], %(starts)s::bigint[], %(ends)s::bigint[])
    as wanted (digest, number, start_us, end_us)
join kpi_group_day d
    on d.digest = wanted.digest
    and d.day >= timestamptz 'epoch' + wanted.start_us * interval '1 microsecond'
    and d.day_end <= timestamptz 'epoch' + wanted.end_us * interval '1 microsecond'
    and d.day < timestamptz 'epoch' + wanted.end_us * interval '1 microsecond'
group by wanted.number

-- name: hours_keep
-- Keeps days, of each of which it is told where in the bytes of all of them it lies.
insert into kpi_group_day (digest, day, day_end, hours)
select
    (%(digests)s::text[])[kept.number + 1] as digest,
    timestamptz 'epoch' + kept.start_us * interval '1 microsecond' as day,
    timestamptz 'epoch' + kept.end_us * interval '1 microsecond',
    substring(%(hours)s::bytea from (kept.place + 1)::integer for kept.length::integer)
from unnest(%(numbers)s::bigint[], %(starts)s::bigint[], %(ends)s::bigint[], %(places)s::bigint[], %(lengths)s::bigint[])
    as kept (number, start_us, end_us, place, length)
order by digest, day -- two who keep the same never wait for each other
on conflict (digest, day) do update set day_end = excluded.day_end, hours = excluded.hours
