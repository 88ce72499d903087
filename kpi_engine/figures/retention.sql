-- name: thinning_start
-- From when on nothing has been thinned yet; null where there is nothing to thin.
select (extract(epoch from coalesce(
    (select through from kpi_thinning),
    least(
        (
            select min(superseded_at) from figure
            where superseded_at is not null and status <> 'f' and through is not null
        ),
        (select min(computed_at) from figure_log)
    )
)) * 1000000)::bigint

-- name: thin_values
-- Removes revisions of open periods, and those of a first load that went on, that were superseded in a span of time, on the
-- civil day they were computed on and by a revision that is still there: the last one of each day stays, and so does
-- everything final. Returns the batches that have what they rested on.
delete from figure v
using city c
where c.city_id = v.city_id
    and v.superseded_at is not null
    and v.superseded_at >= %(start)s
    and v.superseded_at < %(end)s
    and v.status <> 'f'
    and (v.through is not null or v.cause_id = (select t.text_id from figure_text t where t.text = 'first data'))
    and (v.computed_at at time zone c.timezone)::date = (v.superseded_at at time zone c.timezone)::date
    and case
        when v.site_id is null then exists (
            select from figure later
            where (later.kind_id, later.city_id, later.period_start) = (v.kind_id, v.city_id, v.period_start)
                and later.site_id is null
                and later.revision > v.revision
        )
        else exists (
            select from figure later
            where (later.kind_id, later.city_id, later.site_id, later.period_start)
                = (v.kind_id, v.city_id, v.site_id, v.period_start)
                and later.revision > v.revision
        )
    end
returning v.batch_id

-- name: thin_recomputations
-- Removes the records that an open period was computed again because an hour had passed, and tells how many of each row.
delete from figure_log l
using figure_text t
where t.text_id = l.cause_id and t.text = 'new hour' and l.computed_at >= %(start)s and l.computed_at < %(end)s
returning cardinality(l.kinds)

-- name: thinning_done
-- Remembers until when revisions have been thinned.
insert into kpi_thinning (through) values (%(end)s) on conflict (only_row) do update set through = excluded.through

-- name: texts_through
-- Whether it is time to look for texts that nothing refers to, and notes that this is done now.
update kpi_thinning set texts_through = %(now)s
where texts_through is null or texts_through < %(before)s
returning only_row
