-- name: alarm_counts
-- How many alarms of the city are open, by severity.
select count(*) filter (where severity = 'critical') as critical, count(*) filter (where severity = 'major') as major,
    count(*) filter (where severity = 'minor') as minor, count(*) filter (where severity = 'warning') as warning
from grafana.alarm
where city = ${city:sqlstring} and open

-- name: alarm_counts_of_vertical
-- How many alarms of one vertical of the city are open, by severity.
select count(*) filter (where severity = 'critical') as critical, count(*) filter (where severity = 'major') as major,
    count(*) filter (where severity = 'minor') as minor, count(*) filter (where severity = 'warning') as warning
from grafana.alarm
where city = ${city:sqlstring} and open and vertical = '@vertical@'

-- name: alarm_marks
-- When alarms of the city were raised and cleared in the time range, the newest ones.
select time, cleared_at as timeend, device_title || ': ' || replace(rule, '_', ' ') as text, severity as tags
from grafana.alarm
where city = ${city:sqlstring} and severity in ('critical', 'major') and $__timeFilter(time)
order by time desc
limit 100

-- name: alarms_open
-- The open alarms of the city, the most severe first.
select severity, rule, device_title, site_title, time, detail, case when acknowledged_at is null then 'no' else 'yes' end as acknowledged
from grafana.alarm
where city = ${city:sqlstring} and open
order by array_position(array['critical', 'major', 'minor', 'warning'], severity), time desc
limit 200

-- name: alarms_open_of_vertical
-- The open alarms of one vertical of the city, the most severe first.
select severity, rule, device_title, site_title, time, detail, case when acknowledged_at is null then 'no' else 'yes' end as acknowledged
from grafana.alarm
where city = ${city:sqlstring} and open and vertical = '@vertical@'
order by array_position(array['critical', 'major', 'minor', 'warning'], severity), time desc
limit 200

-- name: balances
-- What each balance of a vertical left over in the civil days of the chosen time that are over, the largest share first; days
-- without a residual are counted, not taken for 0, and the newest of them says why.
select
    device_title, title, sum(amount) as amount, sum(reference) filter (where amount is not null) as reference,
    sum(amount) / nullif(sum(reference) filter (where amount is not null), 0) as share,
    count(*) filter (where amount is null) as days_without,
    (array_agg(reason order by time desc) filter (where reason is not null))[1] as reason
from grafana.residual
where city = ${city:sqlstring} and vertical = '@vertical@' and period = 'day' and $__timeFilter(time) and time_end <= now()
group by device_title, title, device, quantity
order by abs(sum(amount) / nullif(sum(reference) filter (where amount is not null), 0)) desc nulls last, device_title

-- part: broken_where_unknown
-- The buckets as series, and nothing at the end of the last one before a silence: there the line is broken.
select time, metric, value from bucket
union all
select time_end, metric, null from bucket where next > time_end
order by time

-- part: chosen_buckets
-- The buckets that are chosen, or hours up to two months, then days.
and period = case
    when ${resolution:sqlstring} <> 'auto' then ${resolution:sqlstring}
    when $__unixEpochTo() - $__unixEpochFrom() <= 62 * 86400 then 'hour'
    else 'day'
end

-- part: chosen_periods
-- Periods that start in the time range; of months the last 25 at least, of years the last 20.
and time >= case ${period:sqlstring}
    when 'day' then $__timeFrom()::timestamptz
    when 'month' then least($__timeFrom()::timestamptz, $__timeTo()::timestamptz - interval '25 months')
    else least($__timeFrom()::timestamptz, $__timeTo()::timestamptz - interval '20 years')
end and time <= $__timeTo()::timestamptz

-- name: cities
-- The cities of this database, lighthouses first.
select title as __text, city as __value from grafana.city order by role <> 'lighthouse', title

-- name: cities_of_vertical
-- The cities of this database that have sites of one vertical, lighthouses first.
select title as __text, city as __value
from grafana.city
where city in (select city from grafana.site where vertical = '@vertical@')
order by role <> 'lighthouse', title

-- part: compared_in_time
-- The chosen figures beside the running period, the one before and that of a year before. Two figures whose bounds overlap are not told apart.
select chosen.kpi, chosen.label, coalesce(grafana.shown(chosen.value, chosen.unit), 'no figure') as figure,
    grafana.shown(chosen.lower, chosen.unit) || ' to ' || grafana.shown(chosen.upper, chosen.unit) as bounds,
    grafana.shown(running.value, chosen.unit) as so_far,
    grafana.shown(previous.value, chosen.unit) as previous,
    grafana.shown(earlier.value, chosen.unit) as earlier,
    case when chosen.unit <> 'degC' then chosen.value / nullif(earlier.value, 0) - 1 end as change,
    case
        when chosen.value is null or earlier.value is null then null
        when coalesce(chosen.lower, chosen.value) <= coalesce(earlier.upper, earlier.value)
            and coalesce(chosen.upper, chosen.value) >= coalesce(earlier.lower, earlier.value) then 'within bounds'
        when chosen.kpi = any(string_to_array('@lower@', ',')) and chosen.value < earlier.value then 'better'
        when chosen.kpi = any(string_to_array('@higher@', ',')) and chosen.value > earlier.value then 'better'
        when chosen.kpi = any(string_to_array('@lower@,@higher@', ',')) then 'worse'
        else 'different'
    end as verdict,
    chosen.coverage, chosen.status, chosen.reason
from chosen
left join lateral (
    select value
    from grafana.kpi_value v
    where v.city = ${city:sqlstring} and v.subject = '-' and v.kpi = chosen.kpi and v.period = chosen.period
        and v.time = chosen.time_end and not v.closed
) running on true
left join lateral (
    select value
    from grafana.kpi_value v
    where v.city = ${city:sqlstring} and v.subject = '-' and v.kpi = chosen.kpi and v.period = chosen.period
        and v.time between chosen.time - interval '367 days' and chosen.time and v.time_end = chosen.time
) previous on true
left join lateral (
    select value, lower, upper
    from grafana.kpi_value v
    where v.city = ${city:sqlstring} and v.subject = '-' and v.kpi = chosen.kpi and v.period = chosen.period
        and v.time between chosen.time - interval '368 days' and chosen.time - interval '363 days'
        and v.label = (left(chosen.label, 4)::integer - 1) || substr(chosen.label, 5)
) earlier on true
order by array_position(string_to_array('@kpis@', ','), chosen.kpi), chosen.period

-- name: devices
-- The devices of the chosen sites, those that need attention first.
select title, site_title, vertical, type, state,
    case online when true then 'yes' when false then 'no' end as online,
    age_s, expected_interval_s, last_observed_at, last_received_at
from grafana.device
where city = ${city:sqlstring} and site in (${sites:sqlstring})
order by array_position(array['clock_wrong', 'silent', 'stale', 'late', 'live'], state), age_s desc nulls first, title

-- name: devices_now
-- What the devices of a vertical say now, those that need attention first; null unless the device is live.
select device_title, site_title, state,
    max(live_value) filter (where quantity = '@first@') as first,
    max(live_value) filter (where quantity = '@second@') as second,
    max(live_value) filter (where quantity = '@third@') as third,
    min(age_s) as age_s, site
from grafana.latest_value
where city = ${city:sqlstring} and vertical = '@vertical@' and quantity in ('@first@', '@second@', '@third@')
group by device_title, site_title, state, device, site
order by array_position(array['clock_wrong', 'silent', 'stale', 'late', 'live'], state),
    max(live_value) filter (where quantity = '@first@') * '@sign@'::double precision nulls last, device_title
limit 500

-- name: factors
-- The emission factors that figures can rest on, in grams for each kWh.
select factor, version, carrier, region,
    valid_from, valid_to, case unit when 'kg/kWh' then value * 1000 end as grams,
    case when unit <> 'kg/kWh' then grafana.shown(value, unit) end as other, case when verified then 'yes' else 'no' end as verified,
    boundary, source, page
from grafana.factor
order by factor, valid_from desc

-- name: heat_by_temperature
-- The heat of each civil day of the time range that is over, by the mean temperature outdoors on that day.
select weather.temperature as "Outdoors", heat.value as "Heat delivered"
from grafana.kpi_value heat
join (
    select time, avg(mean) as temperature
    from grafana.series
    where city = ${city:sqlstring} and type = 'weather_station' and quantity = 'outdoor_temperature' and period = 'day'
        and $__timeFilter(time)
        and kept_from <= $__timeTo() and kept_to >= $__timeFrom()
    group by time
) weather using (time)
where heat.city = ${city:sqlstring} and heat.subject = '-' and heat.kpi = 'heat_delivered' and heat.period = 'day' and heat.closed
    and heat.value is not null and $__timeFilter(heat.time)
order by 1

-- name: kpi_against_last_year
-- The months of the newest year that has figures beside the same months of the year before; the running month apart.
with newest as (
    select time, left(label, 4)::integer as year
    from grafana.kpi_value
    where city = ${city:sqlstring} and subject = '-' and kpi = '@kpi@' and period = 'month'
    order by time desc
    limit 1
), month as (
    select substr(v.label, 6, 2)::integer as number, newest.year - left(v.label, 4)::integer as ago,
        v.value * '@factor@'::double precision as value, v.closed
    from newest
    join grafana.kpi_value v on v.time > newest.time - interval '24 months' and v.time <= newest.time
    where v.city = ${city:sqlstring} and v.subject = '-' and v.kpi = '@kpi@' and v.period = 'month'
)
select to_char(make_date(2000, number, 1), 'Mon') as "Period",
    max(value) filter (where ago = 1) as "The year before",
    max(value) filter (where ago = 0 and closed) as "Newest year",
    max(value) filter (where ago = 0 and not closed) as "Month so far"
from month
group by number
order by number

-- name: kpi_by_site
-- The figures of all sites for one period, the newest of the city that is over: the same for all, so that they compare. Of days, their month.
select site_title, label, value * '@factor@'::double precision as value, lower * '@factor@'::double precision as lower,
    upper * '@factor@'::double precision as upper, coverage, estimated_share, status, reason, site
from grafana.kpi_value
where city = ${city:sqlstring} and subject <> '-' and kpi = '@kpi@' and period = replace(${period:sqlstring}, 'day', 'month')
    and closed and time = (
        select max(time)
        from grafana.kpi_value
        where city = ${city:sqlstring} and subject = '-' and kpi = '@kpi@' and period = replace(${period:sqlstring}, 'day', 'month') and closed
    )
order by value desc nulls last, site_title

-- name: kpi_history
-- The city's figures by civil period: what is final, what is not, what still runs; with bounds and coverage.
select
    label || case when closed then '' else ' so far' end as "Period",
    case when closed and status = 'final' then value * '@factor@'::double precision end as "Final",
    case when closed and status <> 'final' then value * '@factor@'::double precision end as "Provisional",
    case when not closed then value * '@factor@'::double precision end as "So far",
    lower * '@factor@'::double precision as "At least",
    upper * '@factor@'::double precision as "At most",
    coverage as "Coverage"
from grafana.kpi_value
where city = ${city:sqlstring} and subject = '-' and kpi = '@kpi@' and period = ${period:sqlstring}
    -- include: deploy.grafana.sources.chosen_periods
order by time

-- name: kpi_newest
-- The figure of the newest period that is over, named by its period and its coverage or, where there is none, by the reason.
with over as (
    select time, label, value, coverage, reason, closed
    from grafana.kpi_value
    where city = ${city:sqlstring} and subject = '-' and kpi = '@kpi@' and period = ${period:sqlstring} and closed
    order by time desc
    limit 1
), running as (
    select time, label, null::double precision as value, coverage, reason, closed
    from grafana.kpi_value
    where city = ${city:sqlstring} and subject = '-' and kpi = '@kpi@' and period = ${period:sqlstring}
        and not exists (select from over)
    order by time desc
    limit 1
)
select time,
    case
        when not closed then label || ' is not over yet'
        when value is null then label || ': ' || left(coalesce(reason, 'no reason was given'), 90)
        else label || ', coverage ' || round((coverage * 100)::numeric) || ' %'
    end as metric,
    value * '@factor@'::double precision as value
from (select * from over union all select * from running) newest

-- name: kpi_pair_history
-- Two indicators of the city side by side, by civil period.
select
    label || case when bool_and(closed) then '' else ' so far' end as "Period",
    max(value) filter (where kpi = '@kpi@') * '@factor@'::double precision as "@title@",
    max(value) filter (where kpi = '@other_kpi@') * '@factor@'::double precision as "@other_title@"
from grafana.kpi_value
where city = ${city:sqlstring} and subject = '-' and kpi in ('@kpi@', '@other_kpi@') and period = ${period:sqlstring}
    -- include: deploy.grafana.sources.chosen_periods
group by time, label
order by time

-- name: kpis_by_status
-- How many figures of the chosen subject in the time range have which status.
select count(*) filter (where status = 'final') as final, count(*) filter (where status = 'provisional') as provisional,
    count(*) filter (where status = 'insufficient') as insufficient
from grafana.kpi_value
where city = ${city:sqlstring} and subject = ${subject:sqlstring}
    and period = case ${subject:sqlstring} when '-' then ${period:sqlstring} else replace(${period:sqlstring}, 'day', 'month') end
    -- include: deploy.grafana.sources.chosen_periods

-- name: kpis_coverage
-- How far each indicator of the chosen subject was covered in the time range, the worst first.
select kpi, count(*) filter (where status = 'final') as final, count(*) filter (where status = 'provisional') as provisional,
    count(*) filter (where status = 'insufficient') as insufficient, min(coverage) as lowest,
    (array_agg(label order by coverage, time desc))[1] as lowest_in, avg(coverage) as mean
from grafana.kpi_value
where city = ${city:sqlstring} and subject = ${subject:sqlstring}
    and period = case ${subject:sqlstring} when '-' then ${period:sqlstring} else replace(${period:sqlstring}, 'day', 'month') end and closed
    -- include: deploy.grafana.sources.chosen_periods
group by kpi
order by insufficient desc, provisional desc, lowest, kpi

-- name: kpis_newest
-- Every indicator of the chosen subject, for its newest period that is over.
select distinct on (kpi) kpi, label, coalesce(grafana.shown(value, unit), 'no figure') as figure, grafana.shown(lower, unit) as lower,
    grafana.shown(upper, unit) as upper, coverage, estimated_share, status, reason, factors, revision, computed_at
from grafana.kpi_value
where city = ${city:sqlstring} and subject = ${subject:sqlstring}
    and period = case ${subject:sqlstring} when '-' then ${period:sqlstring} else replace(${period:sqlstring}, 'day', 'month') end and closed
order by kpi, time desc

-- name: kpis_without_value
-- Figures of the chosen subject in the time range that are no figures, and why.
select label, kpi, coverage, reason
from grafana.kpi_value
where city = ${city:sqlstring} and subject = ${subject:sqlstring}
    and period = case ${subject:sqlstring} when '-' then ${period:sqlstring} else replace(${period:sqlstring}, 'day', 'month') end
    and status = 'insufficient' and closed
    -- include: deploy.grafana.sources.chosen_periods
order by time desc, kpi
limit 500

-- name: latest_of_site
-- The newest reading of every series at the chosen site, as old as it is; states by their names.
select device_title, quantity,
    case quantity when 'connector_status' then (string_to_array('@connector@', ','))[value::integer + 1] else grafana.shown(value, unit) end as value,
    state, time, age_s
from grafana.latest_value
where city = ${city:sqlstring} and site = ${@vertical@_site:sqlstring} and vertical = '@vertical@'
order by device_title, quantity

-- name: ledger
-- What became of every reading of the city, by source.
select source, received, stored, duplicate, conflict, quarantined, unaccounted, updated_at
from grafana.ledger
where city = ${city:sqlstring}
order by source

-- name: months_and_years
-- Indicators of the city for the newest month and year that are over, beside what was before.
with chosen as (
    select distinct on (kpi, period) kpi, period, label, time, time_end, value, lower, upper, unit, coverage, status, reason
    from grafana.kpi_value
    where city = ${city:sqlstring} and subject = '-' and kpi = any(string_to_array('@kpis@', ','))
        and period in ('month', 'year') and closed
    order by kpi, period, time desc
)
-- include: deploy.grafana.sources.compared_in_time

-- name: period_against_before
-- Indicators of the city for the newest of the chosen periods that is over, beside what was before.
with chosen as (
    select distinct on (kpi, period) kpi, period, label, time, time_end, value, lower, upper, unit, coverage, status, reason
    from grafana.kpi_value
    where city = ${city:sqlstring} and subject = '-' and kpi = any(string_to_array('@kpis@', ','))
        and period = ${period:sqlstring} and closed
    order by kpi, period, time desc
)
-- include: deploy.grafana.sources.compared_in_time

-- name: power_now
-- What the devices of one type carry now, together, and how many of them are live; sub-meters are in the meters above them.
select count(live_value) || ' of ' || count(*) || ' live' as metric, sum(live_value) as value
from grafana.latest_value
where city = ${city:sqlstring} and type = '@type@' and quantity = '@quantity@' and submeter_of is null
having count(*) > 0

-- name: quarantine_by_reason
-- Refused messages of the city that last came in the time range, by reason.
select reason, count(distinct device) as devices, count(*) as messages, sum(readings) as readings, max(time) as time
from grafana.quarantine
where city = ${city:sqlstring} and $__timeFilter(time)
group by reason
order by messages desc

-- name: readings_of_sites
-- Readings of the chosen sites by vertical and civil day; by month beyond two months, which would add up too many days.
select time, vertical as metric, sum(readings) as value
from grafana.series
where city = ${city:sqlstring} and site in (${sites:sqlstring}) and period = case when $__unixEpochTo() - $__unixEpochFrom() <= 62 * 86400 then 'day' else 'month' end
    and $__timeFilter(time)
    and kept_from <= $__timeTo() and kept_to >= $__timeFrom()
group by time, vertical
order by time

-- name: recomputations
-- What was computed again in the time range because of late or changed data, the newest first.
select time, kpi, coalesce(site, '(city)') as site, period, label, cause, case when changed then 'yes' else 'no' end as changed
from grafana.kpi_recomputation
where city = ${city:sqlstring} and $__timeFilter(time)
order by time desc
limit 200

-- name: residuals
-- What the balances of a site left over, in the chosen buckets: hours up to two months, then days.
with bucket as (
    select time, time_end, device_title || ', ' || title as metric, amount as value,
        lead(time) over (partition by series_id order by time) as next
    from grafana.residual
    where city = ${city:sqlstring} and site = ${@vertical@_site:sqlstring} and vertical = '@vertical@'
        and $__timeFilter(time)
        -- include: deploy.grafana.sources.chosen_buckets
)
-- include: deploy.grafana.sources.broken_where_unknown

-- name: series
-- One quantity of the devices of a site, or of those that meter one direction of energy, in the chosen buckets: hours up to two months,
-- then days. What is mostly filled in is named so.
with bucket as (
    select time, time_end, case when min(device) over (partition by device_title) <> max(device) over (partition by device_title)
            then device_title || ' ' || device else device_title end || case
            when '@column@' = 'amount' and time_end > now() then ' (so far)'
            when coalesce(interpolated_share, 0) + coalesce(estimated_share, 0) > 0.5 then ' (filled in)'
            else ''
        end as metric,
        @column@ as value,
        lead(time) over (partition by series_id order by time) as next
    from grafana.series
    where city = ${city:sqlstring} and site = ${@vertical@_site:sqlstring} and vertical = '@vertical@' and quantity = '@quantity@'
        and '@direction@' in ('', direction) and $__timeFilter(time)
        and kept_from <= $__timeTo() and kept_to >= $__timeFrom()
        -- include: deploy.grafana.sources.chosen_buckets
)
-- include: deploy.grafana.sources.broken_where_unknown

-- name: series_by_day
-- What the devices of a site counted on each civil day, or in each month beyond two months.
select time,
    case when min(device) over (partition by device_title) <> max(device) over (partition by device_title)
        then device_title || ' ' || device else device_title end
        || case when time_end > now() then ' (so far)' else '' end as metric, amount as value
from grafana.series
where city = ${city:sqlstring} and site = ${@vertical@_site:sqlstring} and vertical = '@vertical@' and quantity = '@quantity@'
    and period = case when $__unixEpochTo() - $__unixEpochFrom() <= 62 * 86400 then 'day' else 'month' end
    and $__timeFilter(time)
    and kept_from <= $__timeTo() and kept_to >= $__timeFrom()
order by time

-- name: series_spread
-- One quantity over the devices of a site, in the chosen buckets: their mean, the lowest and the highest.
with bucket as (
    select time, max(time_end) as time_end, avg(mean) as middle, min(minimum) as low, max(maximum) as high,
        lead(time) over (order by time) as next
    from grafana.series
    where city = ${city:sqlstring} and site = ${@vertical@_site:sqlstring} and vertical = '@vertical@' and quantity = '@quantity@'
        and $__timeFilter(time)
        and kept_from <= $__timeTo() and kept_to >= $__timeFrom()
        -- include: deploy.grafana.sources.chosen_buckets
    group by time
)
select time, metric, value
from bucket
cross join lateral (values ('Mean', middle), ('Lowest', low), ('Highest', high)) line (metric, value)
union all
select time_end, metric, null
from bucket
cross join (values ('Mean'), ('Lowest'), ('Highest')) line (metric)
where next > time_end
order by time

-- name: sites
-- The sites of the chosen city.
select title as __text, site as __value from grafana.site where city = ${city:sqlstring} order by title

-- name: sites_of_vertical
-- The sites of the chosen city in one vertical.
select title as __text, site as __value
from grafana.site
where city = ${city:sqlstring} and vertical = '@vertical@'
order by title

-- name: states
-- How many devices of the city are in which state.
select count(*) filter (where state = 'live') as live, count(*) filter (where state = 'late') as late,
    count(*) filter (where state = 'stale') as stale, count(*) filter (where state = 'silent') as silent,
    count(*) filter (where state = 'clock_wrong') as clock_wrong
from grafana.device
where city = ${city:sqlstring}

-- name: states_by_vertical
-- How many devices of each vertical of the city are in which state.
select vertical, count(*) as devices, count(*) filter (where state = 'live') as live,
    count(*) filter (where state = 'late') as late, count(*) filter (where state = 'stale') as stale,
    count(*) filter (where state = 'silent') as silent, count(*) filter (where state = 'clock_wrong') as clock_wrong
from grafana.device
where city = ${city:sqlstring}
group by vertical
order by vertical

-- name: states_of_sites
-- How many devices of the chosen sites are in which state.
select count(*) filter (where state = 'live') as live, count(*) filter (where state = 'late') as late,
    count(*) filter (where state = 'stale') as stale, count(*) filter (where state = 'silent') as silent,
    count(*) filter (where state = 'clock_wrong') as clock_wrong
from grafana.device
where city = ${city:sqlstring} and site in (${sites:sqlstring})

-- name: states_of_vertical
-- How many devices of one vertical are in which state.
select count(*) filter (where state = 'live') as live, count(*) filter (where state = 'late') as late,
    count(*) filter (where state = 'stale') as stale, count(*) filter (where state = 'silent') as silent,
    count(*) filter (where state = 'clock_wrong') as clock_wrong
from grafana.device
where city = ${city:sqlstring} and vertical = '@vertical@'

-- name: subjects
-- What figures speak of: the city as a whole (no name) and its sites.
select __text, __value
from (
    select 0 as place, 'City as a whole' as __text, '-' as __value
    union all
    select 1, title, site from grafana.site where city = ${city:sqlstring}
) subject
order by place, __text

-- name: surroundings
-- One quantity of the city's weather stations or its grid, in the chosen buckets: hours up to two months, then days.
with bucket as (
    select time, time_end, case when min(device) over (partition by device_title) <> max(device) over (partition by device_title)
            then device_title || ' ' || device else device_title end as metric,
        mean * '@factor@'::double precision as value,
        lead(time) over (partition by series_id order by time) as next
    from grafana.series
    where city = ${city:sqlstring} and type in ('weather_station', 'grid_signal') and quantity = '@quantity@'
        and $__timeFilter(time)
        and kept_from <= $__timeTo() and kept_to >= $__timeFrom()
        -- include: deploy.grafana.sources.chosen_buckets
)
-- include: deploy.grafana.sources.broken_where_unknown

-- name: surroundings_live
-- What the city's weather stations or its grid say now; null unless the device is live.
select device_title, live_value * '@factor@'::double precision as value
from grafana.latest_value
where city = ${city:sqlstring} and type in ('weather_station', 'grid_signal') and quantity = '@quantity@'
order by device_title

-- name: verticals_newest
-- Every indicator of the city for its newest period that is over, with its bounds, coverage and status.
select distinct on (kpi) kpi, label, coalesce(grafana.shown(value, unit), 'no figure') as figure,
    grafana.shown(lower, unit) || ' to ' || grafana.shown(upper, unit) as bounds, coverage, status, reason
from grafana.kpi_value
where city = ${city:sqlstring} and subject = '-' and period = ${period:sqlstring} and closed
order by kpi, time desc
