-- A figure as people write it, for columns whose rows have units of their own: scaled, rounded, with thousands separated.
create function grafana.shown(value double precision, unit text) returns text
language sql stable strict parallel safe
return (
    select case
        when abs(scaled) >= 100 then to_char(scaled, 'FM999,999,999,999,990')
        when abs(scaled) >= 10 then to_char(scaled, 'FM990.0')
        when abs(scaled) >= 1 or scaled = 0 then to_char(scaled, 'FM990.00')
        else to_char(scaled, 'FM0.0000')
    end || sign
    from (
        select
            case
                when unit in ('kWh', 'kg', 'kW') and abs(value) >= 1e6 then value / 1e6
                when unit in ('kWh', 'kg', 'kW') and abs(value) >= 1e3 then value / 1e3
                else value
            end as scaled,
            case
                when unit = 'kWh' and abs(value) >= 1e6 then ' GWh'
                when unit = 'kWh' and abs(value) >= 1e3 then ' MWh'
                when unit = 'kW' and abs(value) >= 1e6 then ' GW'
                when unit = 'kW' and abs(value) >= 1e3 then ' MW'
                when unit = 'kg' and abs(value) >= 1e6 then ' kt'
                when unit = 'kg' and abs(value) >= 1e3 then ' t'
                when unit = '1' then ''
                when unit = 'percent' then ' %'
                when unit = 'degC' then ' °C'
                else ' ' || replace(replace(replace(replace(unit, 'degC', '°C'), 'm2', 'm²'), 'm3', 'm³'), '.', '·')
            end as sign
    ) as parts
)
