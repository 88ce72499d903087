-- Contest readings of one series.
insert into contested (series_id, time, differs)
select %(series)s, time, true from unnest(%(times)s::timestamptz[]) as given (time)
