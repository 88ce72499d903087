-- How many devices of one vertical are in which state.
select count(*) filter (where state = 'live') as live, count(*) filter (where state = 'late') as late,
    count(*) filter (where state = 'stale') as stale, count(*) filter (where state = 'silent') as silent,
    count(*) filter (where state = 'clock_wrong') as clock_wrong
from grafana.device
where city = ${city:sqlstring} and vertical = '@vertical@'
