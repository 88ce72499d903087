-- name: last
-- The number of the last note of changed hours, up to when figures are due, and of which roster.
select note, (extract(epoch from noted_at) * 1000000)::bigint, roster
from kpi_noted
where noted_at is not null and roster is not null

-- name: note_begin
-- Nobody keeps what was read until this transaction ends. Tells whether nobody else computes, until it ends.
select pg_try_advisory_xact_lock(hashtext('pharos engines beside'))
from pg_advisory_xact_lock(hashtext('pharos note'))

-- name: note_listen
-- Somebody computes beside who notes, as long as this session lasts; begins after a note that is under way.
select pg_advisory_lock_shared(hashtext('pharos engines beside'))

-- name: note_wait
-- No note is under way from here to the end of this transaction.
select pg_advisory_xact_lock_shared(hashtext('pharos note'))

-- name: note_roster
-- Remembers until which master data and factors the agenda has everything, and of which roster.
insert into kpi_noted (applied_at, factor_id, roster) values (%(applied_at)s, coalesce(%(factor_id)s, 0), %(roster)s)
on conflict (only_row) do update
    set applied_at = excluded.applied_at, factor_id = excluded.factor_id, roster = excluded.roster

-- name: note_time
-- Remembers up to when figures are due.
update kpi_noted set noted_at = greatest(noted_at, %(now)s)

-- name: note_changes
-- Keeps changed hours as the next note.
with numbered as (
    update kpi_noted set note = note + 1 returning note
)
insert into kpi_note (note, series, starts, ends, firsts)
select note, %(series)s::integer[], %(starts)s::timestamptz[], %(ends)s::timestamptz[], %(firsts)s::boolean[]
from numbered

-- name: notes_expire
-- Forgets notes that everybody knows by now who still computes.
delete from kpi_note where made_at < clock_timestamp() - %(kept)s * interval '1 second'

-- name: notes_since
-- Hours that were noted as changed after a note.
select
    changed.series_id,
    (extract(epoch from changed.from_time) * 1000000)::bigint as start_us,
    (extract(epoch from changed.to_time) * 1000000)::bigint as end_us,
    changed.is_first
from kpi_note n
cross join lateral unnest(n.series, n.starts, n.ends, n.firsts) as changed (series_id, from_time, to_time, is_first)
where n.note > %(note)s
order by n.note

-- name: rested_add
-- Figures that rest on hours before their own period, by what was known at a note.
insert into kpi_rested (kpi, city_id, site_id, period, period_start, note)
select
    (%(kpis)s::text[])[kpi], city_id, nullif(site_id, 0), (%(periods)s::text[])[period],
    timestamptz 'epoch' + start_us * interval '1 microsecond', %(note)s
from unnest(
    %(kpi)s::bigint[], %(city)s::bigint[], %(site)s::bigint[], %(period)s::bigint[], %(start)s::bigint[]
) as rested (kpi, city_id, site_id, period, start_us)

-- name: rested_take
-- Takes off such figures.
delete from kpi_rested
returning kpi, city_id, site_id, period, (extract(epoch from period_start) * 1000000)::bigint as start_us, note
