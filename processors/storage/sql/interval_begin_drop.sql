-- Forget the begins of readings before an edge that were dropped.
delete from interval_begin as given
where time < %(edge)s
    and not exists (
        select from observation where observation.series_id = given.series_id and observation.time = given.time
    )
