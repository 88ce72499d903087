-- name: erasure_record
-- Record an erasure, and return its number and its time.
insert into erasure (city_id, series, author, reason)
select city_id, %(series)s, %(author)s, %(reason)s from city where name = %(city)s
returning erasure_id, erased_at

-- name: erased_inputs
-- Which figures of a subject and indicator rest on what is erased.
insert into erased_inputs (erasure_id, city_id, site_id, kpi, first_at, through)
values (%(erasure)s, %(city_id)s, %(site_id)s, %(kpi)s, %(first)s, %(through)s)

-- name: own_figures
-- Delete the figures of sites of which nothing is left, with all their revisions.
delete from figure
where site_id in (select site_id from site join city using (city_id) where city.name = %(city)s and site.name = any(%(sites)s))

-- name: resting_figures
-- Where the inputs of figures lie that rest on what is erased, of all revisions.
select f.batch_id, f.place::integer
from erased_inputs e
join figure_kind k on k.kpi = e.kpi
join figure f on f.kind_id = k.kind_id and f.city_id = e.city_id and f.site_id is not distinct from nullif(e.site_id, 0)
where e.erasure_id = %(erasure)s
    and f.period_start < e.through and f.period_start + f.length * interval '1 second' > e.first_at

-- name: batch_of
-- The inputs of figures that were written together.
select inputs from figure_batch where batch_id = %(batch)s for update

-- name: batch_keep
-- Keep others in their place.
update figure_batch set inputs = %(inputs)s where batch_id = %(batch)s

-- name: residuals_of_devices
-- Series of what balances leave over at devices.
select series_id from kpi_residual_series where device_id = any(%(devices)s)

-- name: tables_with
-- The tables that have a column of ids, but those that are parts of others.
select c.relname
from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attname = %(column)s and not a.attisdropped
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
order by c.relname

-- name: refused_words
-- What messages of devices said that were refused; that they were stays in the ledger.
update quarantine set payload = null, detail = null, topic = '' where city = %(city)s and device = any(%(devices)s)

-- name: device_words
-- What says more of a device than its name, which is that of the city file.
update device set title = name, serial_number = null where device_id = any(%(devices)s)

-- name: group_days
-- Copies of hours of groups; whoever needs them makes them anew.
delete from kpi_group_day

-- name: texts_without
-- Take words out of sentences of figures.
update figure_text set text = regexp_replace(text, %(pattern)s, '[erased]', 'g') where text ~ %(pattern)s

-- name: erasures
-- What was erased, the newest first.
select e.erasure_id, city.name, cardinality(e.series), e.erased_at, e.author, e.reason,
    (select count(*) from erased_inputs i where i.erasure_id = e.erasure_id)
from erasure e join city using (city_id)
where %(city)s::text is null or city.name = %(city)s
order by e.erasure_id desc
