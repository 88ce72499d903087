-- name: thinning_start
-- From when on nothing has been thinned yet; null where there is nothing to thin.
select (extract(epoch from coalesce(
    (select through from kpi_thinning),
    least(
        (
            select min(superseded_at) from kpi_value
            where superseded_at is not null and status <> 'final' and through < period_end
        ),
        (select min(computed_at) from kpi_recomputation)
    )
)) * 1000000)::bigint

-- name: thin_values
-- Removes revisions of open periods that were superseded in a span of time, on the civil day they were computed on and
-- by a revision that is still there: the last one of each day stays, and so does everything final.
delete from kpi_value v
using city c
where c.city_id = v.city_id
    and v.superseded_at is not null
    and v.superseded_at >= %(start)s
    and v.superseded_at < %(end)s
    and v.status <> 'final'
    and v.through < v.period_end
    and (v.computed_at at time zone c.timezone)::date = (v.superseded_at at time zone c.timezone)::date
    and case
        when v.site_id is null then exists (
            select from kpi_value later
            where (later.kpi, later.city_id, later.period, later.period_start)
                = (v.kpi, v.city_id, v.period, v.period_start)
                and later.site_id is null
                and later.revision > v.revision
        )
        else exists (
            select from kpi_value later
            where (later.kpi, later.city_id, later.site_id, later.period, later.period_start)
                = (v.kpi, v.city_id, v.site_id, v.period, v.period_start)
                and later.revision > v.revision
        )
    end

-- name: thin_recomputations
-- Removes the records that an open period was computed again because an hour had passed.
delete from kpi_recomputation where cause = 'new hour' and computed_at >= %(start)s and computed_at < %(end)s

-- name: thinning_done
-- Remembers until when revisions have been thinned.
insert into kpi_thinning (through) values (%(end)s) on conflict (only_row) do update set through = excluded.through
