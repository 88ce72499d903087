-- name: registry_lock
-- One registration at a time: roles that start together do not deadlock on each other's rows.
select pg_advisory_xact_lock(hashtext('registry'))

-- name: registry_joins
-- Whether the rest of this transaction may join by nested loops, on or off. What was just written has no statistics: by
-- nested loops each of thousands of devices would look at each of thousands of sites.
select set_config('enable_nestloop', %(nested_loops)s, true)

-- name: mark_series
-- Mark everything stored of some series for recomputation, month by month and the newest first, so that it is worked off
-- in parts: readings, what sessions of their devices come to, and the time in which their plugs were read.
with made as (
    select series_id, device_id from series where series_id = any(%(series)s) and kind = 'session'
), watched as (
    select series_id, series_id as read_id from unnest(%(series)s::integer[]) as wanted (series_id)
    union all
    select made.series_id, plug.series_id
    from made join series plug using (device_id)
    where plug.quantity in ('plugged_in', 'connector_status')
), known as (
    select watched.series_id, oldest.time as from_time, newest.time as to_time
    from watched
    cross join lateral reading_after(watched.read_id, '-infinity') oldest
    cross join lateral reading_before(watched.read_id, 'infinity') newest
    union all
    select series_id, min(began.from_time), max(began.to_time)
    from made join (
        select device_id, begin_at as from_time, begin_at as to_time from charging_session
        union all
        select device_id, from_time, to_time - interval '1 microsecond' from charging_session_span
    ) as began using (device_id)
    group by series_id
)
insert into observation_mark (series_id, from_time, to_time)
select series_id, greatest(from_time, month), least(to_time, month + interval '1 month' - interval '1 microsecond')
from known
cross join lateral generate_series(date_trunc('month', from_time), to_time, interval '1 month') as month
order by month desc, series_id

-- name: city_documents
-- The city files as they were last applied.
select document from city order by name

-- name: city_names
-- The names of the registered cities.
select name from city order by name

-- name: device_ids
-- The id of every device by city and name.
select city.name, device.name, device_id from device join city using (city_id)

-- name: series_ids
-- The id of every series by city, device and quantity.
select city.name, device.name, quantity, series_id
from series join device using (device_id) join city using (city_id)

-- name: series_meanings
-- What decides how the stored readings of a series become rollups; the facts of a site bound what sessions can deliver.
select series_id, kind, case when kind = 'register' then register_contract end, plausible_change, max_gap, filling,
    expected_interval::text, stamp_tolerance, timezone,
    case when kind = 'session' or quantity in ('plugged_in', 'connector_status') then facts end
from series join device using (device_id) join site using (site_id) join city on city.city_id = device.city_id

-- name: city_upsert
-- Register a city, or bring it up to its file. MERGE, unlike ON CONFLICT, takes no id from the sequence for an update.
-- The clock, not the transaction's begin: of two registrations the later one to commit has the later time, and is seen.
merge into city using (select 1) as given on city.name = %(name)s
when matched and city.document <> %(document)s::jsonb then update set
    title = %(title)s,
    country = %(country)s,
    timezone = %(timezone)s,
    grid_zone = %(grid_zone)s,
    role = %(role)s,
    document = %(document)s,
    applied_at = clock_timestamp()
when not matched then insert (name, title, country, timezone, grid_zone, role, document)
    values (%(name)s, %(title)s, %(country)s, %(timezone)s, %(grid_zone)s, %(role)s, %(document)s)

-- name: site_upsert
-- Register a site of a city, or bring it up to its file; what says the same is not written again, nor is it below.
merge into site using (select city_id from city where name = %(city)s) as given
    on site.city_id = given.city_id and site.name = %(name)s
when matched and (title, vertical, facts, valid_from, valid_to)
    is distinct from (%(title)s, %(vertical)s, %(facts)s, %(valid_from)s, %(valid_to)s) then update set
    title = %(title)s,
    vertical = %(vertical)s,
    facts = %(facts)s,
    valid_from = %(valid_from)s,
    valid_to = %(valid_to)s
when not matched then insert (city_id, name, title, vertical, facts, valid_from, valid_to)
    values (given.city_id, %(name)s, %(title)s, %(vertical)s, %(facts)s, %(valid_from)s, %(valid_to)s)

-- name: group_upsert
-- Register a group of a city, or bring it up to its file; who belongs to it, the document of the city says.
merge into site_group using (select city_id from city where name = %(city)s) as given
    on site_group.city_id = given.city_id and site_group.name = %(name)s
when matched and title <> %(title)s then update set title = %(title)s
when not matched then insert (city_id, name, title) values (given.city_id, %(name)s, %(title)s)

-- name: devices_upsert
-- Register the devices of a city, or bring them up to its file; all by one statement, since a city has thousands. New ones
-- get their ids in the order of the file. Intervals are compared as they are written: P1D is a civil day, and PT24H is none.
with given as materialized (
    select city_id, site_id, given.*
    from rows from (jsonb_to_recordset(%(devices)s) as (
        name text, site text, title text, type text, native_id text, serial_number text, carrier text, direction text,
        submeter_of text, expected_interval interval, valid_from date, valid_to date
    )) with ordinality as given (name, site, title, type, native_id, serial_number, carrier, direction, submeter_of,
                                 expected_interval, valid_from, valid_to, place)
    join city on city.name = %(city)s
    join site using (city_id)
    where site.name = given.site
), updated as (
    update device set
        site_id = given.site_id,
        title = given.title,
        type = given.type,
        native_id = given.native_id,
        serial_number = given.serial_number,
        carrier = given.carrier,
        direction = given.direction,
        submeter_of = given.submeter_of,
        expected_interval = given.expected_interval,
        valid_from = given.valid_from,
        valid_to = given.valid_to
    from given
    where device.city_id = given.city_id and device.name = given.name
        and (device.site_id, device.title, device.type, device.native_id, device.serial_number, device.carrier,
             device.direction, device.submeter_of, device.expected_interval::text, device.valid_from, device.valid_to)
        is distinct from (given.site_id, given.title, given.type, given.native_id, given.serial_number, given.carrier,
                          given.direction, given.submeter_of, given.expected_interval::text, given.valid_from,
                          given.valid_to)
)
insert into device (city_id, site_id, name, title, type, native_id, serial_number, carrier, direction, submeter_of,
                    expected_interval, valid_from, valid_to)
select city_id, site_id, name, title, type, native_id, serial_number, carrier, direction, submeter_of, expected_interval,
    valid_from, valid_to
from given
where not exists (select from device where device.city_id = given.city_id and device.name = given.name)
order by place

-- name: series_upsert
-- Register the series of a city's devices, or bring them up to its file; likewise.
with given as materialized (
    select device_id, quantity, unit, kind, coalesce(register_contract, 'null') as register_contract, plausible_change,
        max_gap, filling, stamp_tolerance, place
    from rows from (jsonb_to_recordset(%(series)s) as (
        device text, quantity text, unit text, kind text, register_contract jsonb, plausible_change jsonb,
        max_gap interval, filling interval, stamp_tolerance interval
    )) with ordinality as given (device, quantity, unit, kind, register_contract, plausible_change, max_gap, filling,
                                 stamp_tolerance, place)
    join city on city.name = %(city)s
    join device using (city_id)
    where device.name = given.device
), updated as (
    update series set
        unit = given.unit,
        kind = given.kind,
        register_contract = given.register_contract,
        plausible_change = given.plausible_change,
        max_gap = given.max_gap,
        filling = given.filling,
        stamp_tolerance = given.stamp_tolerance
    from given
    where series.device_id = given.device_id and series.quantity = given.quantity
        and (series.unit, series.kind, series.register_contract, series.plausible_change, series.max_gap::text,
             series.filling::text, series.stamp_tolerance::text)
        is distinct from (given.unit, given.kind, given.register_contract, given.plausible_change, given.max_gap::text,
                          given.filling::text, given.stamp_tolerance::text)
)
insert into series (device_id, quantity, unit, kind, register_contract, plausible_change, max_gap, filling,
                    stamp_tolerance)
select device_id, quantity, unit, kind, register_contract, plausible_change, max_gap, filling, stamp_tolerance
from given
where not exists (select from series where series.device_id = given.device_id and series.quantity = given.quantity)
order by place

-- name: register_contract_record
-- Keep a register contract under the digest that rollups carry.
insert into register_contract (digest, contract) values (%(digest)s, %(contract)s) on conflict do nothing
