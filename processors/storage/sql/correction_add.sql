-- Keep what somebody entered.
insert into correction (series_id, from_time, to_time, value, readings, author, reason, revision, entered_at)
values (%(series)s, %(from_time)s, %(to_time)s, %(value)s, cardinality(%(times)s::timestamptz[]), %(author)s, %(reason)s,
        %(revision)s, %(entered_at)s)
returning correction_id
