-- The series of which any reading is flagged, in order: from each one straight to the next, past its flags.
with recursive flagged as (
    (select series_id from reading_quality order by series_id limit 1)
    union all
    select next.series_id
    from flagged
    cross join lateral (
        select q.series_id from reading_quality q where q.series_id > flagged.series_id order by q.series_id limit 1
    ) as next
)
select series_id from flagged
