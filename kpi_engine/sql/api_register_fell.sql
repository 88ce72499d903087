-- Whether a register fell on any day of a range.
select exists (
    select from register_fall
    where series_id = %(series_id)s and day >= %(start)s::timestamptz - interval '1 day' and day <= %(end)s::timestamptz
)
