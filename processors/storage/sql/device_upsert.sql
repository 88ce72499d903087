-- Register a device at a site of its city, or bring it up to its file.
insert into device (city_id, site_id, name, title, type, native_id, serial_number, carrier, direction, submeter_of,
                    expected_interval, valid_from, valid_to)
select city_id, site_id, %(name)s, %(title)s, %(type)s, %(native_id)s, %(serial_number)s, %(carrier)s, %(direction)s,
       %(submeter_of)s, %(expected_interval)s, %(valid_from)s, %(valid_to)s
from city join site using (city_id) where city.name = %(city)s and site.name = %(site)s
on conflict (city_id, name) do update set
    site_id = excluded.site_id,
    title = excluded.title,
    type = excluded.type,
    native_id = excluded.native_id,
    serial_number = excluded.serial_number,
    carrier = excluded.carrier,
    direction = excluded.direction,
    submeter_of = excluded.submeter_of,
    expected_interval = excluded.expected_interval,
    valid_from = excluded.valid_from,
    valid_to = excluded.valid_to
