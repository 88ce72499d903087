-- Stores the flags of readings, in place of what they were flagged as.
insert into reading_quality (series_id, time, flags, rules)
select series_id, time, flags, %(rules)s
from unnest(%(series)s::integer[], %(times)s::timestamptz[], %(flags)s::smallint[]) as given (series_id, time, flags)
on conflict (series_id, time) do update set flags = excluded.flags, rules = excluded.rules
