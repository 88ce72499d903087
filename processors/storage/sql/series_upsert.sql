-- Register a series of a device, or bring it up to its city's file.
merge into series using (
    select device_id from city join device using (city_id) where city.name = %(city)s and device.name = %(device)s
) as given on series.device_id = given.device_id and series.quantity = %(quantity)s
when matched then update set
    unit = %(unit)s,
    kind = %(kind)s,
    register_contract = %(register_contract)s,
    plausible_change = %(plausible_change)s,
    max_gap = %(max_gap)s,
    filling = %(filling)s,
    stamp_tolerance = %(stamp_tolerance)s
when not matched then insert (device_id, quantity, unit, kind, register_contract, plausible_change, max_gap, filling,
                              stamp_tolerance)
    values (
        given.device_id, %(quantity)s, %(unit)s, %(kind)s, %(register_contract)s, %(plausible_change)s, %(max_gap)s,
        %(filling)s, %(stamp_tolerance)s
    )
