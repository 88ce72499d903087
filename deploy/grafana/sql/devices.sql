-- The devices of the chosen sites, those that need attention first.
select title, device, site_title, vertical, type, state, online, age_s, expected_interval_s, last_observed_at, last_received_at
from grafana.device
where city = ${city:sqlstring} and site in (${site:sqlstring})
order by array_position(array['clock_wrong', 'silent', 'stale', 'late', 'live'], state), age_s desc nulls first, title
