-- The readings of a series in [from, to).
select time, value from observation
where series_id = %(series)s and time >= %(from_time)s and time < %(to_time)s
order by time
