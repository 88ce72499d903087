-- Register a device at a site of its city, or bring it up to its file.
merge into device using (
    select city_id, site_id from city join site using (city_id) where city.name = %(city)s and site.name = %(site)s
) as given on device.city_id = given.city_id and device.name = %(name)s
when matched then update set
    site_id = given.site_id,
    title = %(title)s,
    type = %(type)s,
    native_id = %(native_id)s,
    serial_number = %(serial_number)s,
    carrier = %(carrier)s,
    direction = %(direction)s,
    submeter_of = %(submeter_of)s,
    expected_interval = %(expected_interval)s,
    valid_from = %(valid_from)s,
    valid_to = %(valid_to)s
when not matched then insert (city_id, site_id, name, title, type, native_id, serial_number, carrier, direction,
                              submeter_of, expected_interval, valid_from, valid_to)
    values (given.city_id, given.site_id, %(name)s, %(title)s, %(type)s, %(native_id)s, %(serial_number)s, %(carrier)s,
            %(direction)s, %(submeter_of)s, %(expected_interval)s, %(valid_from)s, %(valid_to)s)
