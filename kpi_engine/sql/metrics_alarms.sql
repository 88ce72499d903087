-- Open alarms by city and rule; every city is told, those without any with a null.
select c.name, a.rule, count(a.alarm_id)
from city c
left join (alarm a join device d using (device_id)) on d.city_id = c.city_id and a.cleared_at is null
group by c.name, a.rule
