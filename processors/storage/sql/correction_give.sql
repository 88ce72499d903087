-- Give readings the value of a correction, beside what was reported of them.
insert into conflict (series_id, time, value, source_id, quality, received_at, revision, corrected)
select %(series)s, time, %(value)s, %(source)s, 0, %(entered_at)s, %(revision)s, true
from unnest(%(times)s::timestamptz[]) as given (time)
on conflict (series_id, time, value, corrected) do update
set revision = greatest(conflict.revision, excluded.revision)
