-- name: balances
-- What each balance of a vertical left over in the civil days of the chosen time, the largest share first; days without a
-- residual are counted, not taken for 0, and the newest of them says why.
select
    device_title, title, sum(amount) as amount, sum(reference) filter (where amount is not null) as reference,
    sum(amount) / nullif(sum(reference) filter (where amount is not null), 0) as share,
    count(*) filter (where amount is null) as days_without,
    (array_agg(reason order by time desc) filter (where reason is not null))[1] as reason
from grafana.residual
where city = ${city:sqlstring} and vertical = '@vertical@' and period = 'day' and $__timeFilter(time)
group by device_title, title, device, quantity
order by abs(sum(amount) / nullif(sum(reference) filter (where amount is not null), 0)) desc nulls last, device_title

-- name: cities
-- The cities of this database.
select title as __text, city as __value from grafana.city order by title

-- name: devices
-- The devices of the chosen sites, those that need attention first.
select title, device, site_title, vertical, type, state, online, age_s, expected_interval_s, last_observed_at, last_received_at
from grafana.device
where city = ${city:sqlstring} and site in (${site:sqlstring})
order by array_position(array['clock_wrong', 'silent', 'stale', 'late', 'live'], state), age_s desc nulls first, title

-- name: factors
-- The emission factors that figures can rest on.
select factor, version, carrier, region, valid_from, valid_to, value, unit, boundary, source, page, verified
from grafana.factor
order by factor, valid_from desc

-- name: kpi_by_site
-- The figures of all sites for one period, the newest of the city that is over: the same for all, so that they compare. Of days, their month.
select site_title, label, value, coverage, estimated_share, status, reason
from grafana.kpi_value
where city = ${city:sqlstring} and subject <> '-' and kpi = '@kpi@' and period = replace(${period:sqlstring}, 'day', 'month')
    and closed and time = (
        select max(time)
        from grafana.kpi_value
        where city = ${city:sqlstring} and subject = '-' and kpi = '@kpi@' and period = replace(${period:sqlstring}, 'day', 'month') and closed
    )
order by value desc nulls last, site_title

-- name: kpi_history
-- The city's figures of the periods that start in the time range, with their coverage.
select time, value as "@title@", coverage as "Coverage"
from grafana.kpi_value
where city = ${city:sqlstring} and subject = '-' and kpi = '@kpi@' and period = ${period:sqlstring}
    and $__timeFilter(time)
order by time

-- name: kpi_newest
-- The figure of the newest period that is over, named by its period, and its coverage; null where it is insufficient.
with newest as (
    select time, label, value, coverage
    from grafana.kpi_value
    where city = ${city:sqlstring} and subject = '-' and kpi = '@kpi@' and period = ${period:sqlstring} and closed
    order by time desc
    limit 1
)
select time, label as metric, value from newest
union all
select time, 'coverage', coverage from newest

-- name: kpi_pair_history
-- Two indicators of the city side by side, in the periods that start in the time range.
select time, case kpi when '@kpi@' then '@title@' else '@other_title@' end as metric, value
from grafana.kpi_value
where city = ${city:sqlstring} and subject = '-' and kpi in ('@kpi@', '@other_kpi@') and period = ${period:sqlstring}
    and $__timeFilter(time)
order by time

-- name: kpis_by_status
-- How many figures of the chosen subject in the time range have which status.
select status, count(*) as figures
from grafana.kpi_value
where city = ${city:sqlstring} and subject = ${site:sqlstring}
    and period = case ${site:sqlstring} when '-' then ${period:sqlstring} else replace(${period:sqlstring}, 'day', 'month') end
    and $__timeFilter(time)
group by status
order by array_position(array['final', 'provisional', 'insufficient'], status)

-- name: kpis_coverage
-- The coverage of every indicator of the chosen subject in the periods that start in the time range.
select time, kpi as metric, coverage as value
from grafana.kpi_value
where city = ${city:sqlstring} and subject = ${site:sqlstring}
    and period = case ${site:sqlstring} when '-' then ${period:sqlstring} else replace(${period:sqlstring}, 'day', 'month') end
    and $__timeFilter(time)
order by time

-- name: kpis_newest
-- Every indicator of the chosen subject, for its newest period that is over.
select distinct on (kpi) kpi, label, value, lower, upper, unit, coverage, estimated_share, status, factors, revision, computed_at, reason
from grafana.kpi_value
where city = ${city:sqlstring} and subject = ${site:sqlstring}
    and period = case ${site:sqlstring} when '-' then ${period:sqlstring} else replace(${period:sqlstring}, 'day', 'month') end and closed
order by kpi, time desc

-- name: kpis_without_value
-- Figures of the chosen subject in the time range that are no figures, and why.
select label, kpi, coverage, reason
from grafana.kpi_value
where city = ${city:sqlstring} and subject = ${site:sqlstring}
    and period = case ${site:sqlstring} when '-' then ${period:sqlstring} else replace(${period:sqlstring}, 'day', 'month') end
    and status = 'insufficient' and $__timeFilter(time)
order by time desc, kpi
limit 500

-- name: latest_of_site
-- The newest reading of every series at the chosen site, as old as it is.
select device_title, quantity, value, unit, state, time, age_s
from grafana.latest_value
where city = ${city:sqlstring} and site = ${site:sqlstring} and vertical = '@vertical@'
order by device_title, quantity

-- name: ledger
-- What became of every reading of the city, by source.
select source, received, stored, duplicate, conflict, quarantined, unaccounted, updated_at
from grafana.ledger
where city = ${city:sqlstring}
order by source

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
where city = ${city:sqlstring} and site in (${site:sqlstring}) and period = case when $__unixEpochTo() - $__unixEpochFrom() <= 62 * 86400 then 'day' else 'month' end
    and $__timeFilter(time)
    and kept_from <= $__timeTo() and kept_to >= $__timeFrom()
group by time, vertical
order by time

-- name: recomputations
-- What was computed again in the time range because of late or changed data, the newest first.
select time, kpi, coalesce(site, '(city)') as site, period, label, cause, changed
from grafana.kpi_recomputation
where city = ${city:sqlstring} and $__timeFilter(time)
order by time desc
limit 200

-- part: chosen_buckets
-- The buckets that are chosen, or hours up to two months, then days.
and period = case
    when ${resolution:sqlstring} <> 'auto' then ${resolution:sqlstring}
    when $__unixEpochTo() - $__unixEpochFrom() <= 62 * 86400 then 'hour'
    else 'day'
end

-- name: residuals
-- What the balances of a site left over, in the chosen buckets: hours up to two months, then days.
select time, device || ' ' || quantity as metric, amount as value
from grafana.residual
where city = ${city:sqlstring} and site = ${site:sqlstring} and vertical = '@vertical@'
    and $__timeFilter(time)
    -- include: deploy.grafana.sources.chosen_buckets
order by time

-- name: series
-- One quantity of the devices of a site, in the chosen buckets: hours up to two months, then days.
select time, device as metric, @column@ as value
from grafana.series
where city = ${city:sqlstring} and site = ${site:sqlstring} and vertical = '@vertical@' and quantity = '@quantity@'
    and $__timeFilter(time)
    and kept_from <= $__timeTo() and kept_to >= $__timeFrom()
    -- include: deploy.grafana.sources.chosen_buckets
order by time

-- name: series_by_direction
-- One quantity of the devices of a site that meter one direction of energy, in the chosen buckets: hours up to two months, then days.
select time, device as metric, @column@ as value
from grafana.series
where city = ${city:sqlstring} and site = ${site:sqlstring} and vertical = '@vertical@' and quantity = '@quantity@'
    and direction = '@direction@' and $__timeFilter(time)
    and kept_from <= $__timeTo() and kept_to >= $__timeFrom()
    -- include: deploy.grafana.sources.chosen_buckets
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
where city = ${city:sqlstring} and site in (${site:sqlstring})

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
select time, device as metric, mean as value
from grafana.series
where city = ${city:sqlstring} and type in ('weather_station', 'grid_signal') and quantity = '@quantity@'
    and $__timeFilter(time)
    and kept_from <= $__timeTo() and kept_to >= $__timeFrom()
    -- include: deploy.grafana.sources.chosen_buckets
order by time

-- name: surroundings_live
-- What the city's weather stations or its grid say now; null unless the device is live.
select device_title, live_value as value
from grafana.latest_value
where city = ${city:sqlstring} and type in ('weather_station', 'grid_signal') and quantity = '@quantity@'
order by device_title

-- name: verticals_newest
-- Every indicator of the city for its newest period that is over, with its coverage and status.
select distinct on (kpi) kpi, label, value, unit, coverage, status
from grafana.kpi_value
where city = ${city:sqlstring} and subject = '-' and period = ${period:sqlstring} and closed
order by kpi, time desc
