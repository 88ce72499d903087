-- What readings are judged to be beside their neighbours. Derived: it can be computed again from what is stored, and
-- observations are never changed. Flags are defined in processors/steps/reading_quality.py, `rules` is the version of
-- the rules that judged.
create table reading_quality (
    series_id integer not null,
    time      timestamptz not null,
    flags     smallint not null,
    rules     smallint not null,
    primary key (series_id, time)
);

-- What the readings of a series are judged by; null: not at all.
alter table series add column plausible_change jsonb;

-- Drops every reading before an edge, but for the last one of each series, the last one that figures do not leave out,
-- and of registers the last one above zero; returns how many were kept. What follows the edge is judged and computed by
-- them. What dropped readings were judged to be stays: it says why figures that stay left some of them out.
-- Done by whoever asks as the owner of the table would; nobody but the owner may until it is granted.
create or replace function drop_observations(before timestamptz) returns integer
    language plpgsql
    security definer
    set search_path = public, pg_temp
    set timezone to 'UTC'
as $$
declare
    last observation[];
    partition text;
begin
    select array_agg(o) into last
    from series cross join lateral (
        (
            select observation from observation
            where observation.series_id = series.series_id and observation.time < before
            order by observation.time desc limit 1
        )
        union
        (
            select observation from observation
            where observation.series_id = series.series_id and observation.time < before and observation.value > 0
                and series.kind = 'register'
            order by observation.time desc limit 1
        )
        union
        (
            select observation from observation
            where observation.series_id = series.series_id and observation.time < before
                and series.plausible_change is not null
                and not exists (
                    select from reading_quality q
                    where q.series_id = observation.series_id and q.time = observation.time and q.flags & 8 <> 0
                )
            order by observation.time desc limit 1
        )
    ) as found (o);
    if exists (select from pg_partitioned_table where partrelid = 'observation'::regclass) then
        for partition in
            select relname from pg_inherits join pg_class on pg_class.oid = inhrelid
            where inhparent = 'observation'::regclass
                and to_date(right(relname, 7), 'YYYY_MM')::timestamptz + interval '1 month' <= before
        loop
            execute format('drop table %I', partition);
        end loop;
        perform ensure_partitions(month, month)
        from (select distinct date_trunc('month', time) as month from unnest(last)) as needed;
    else
        perform drop_chunks('observation', older_than => before);
    end if;
    insert into observation select * from unnest(last);
    insert into retention (horizon, kept) values (before, coalesce(cardinality(last), 0));
    return coalesce(cardinality(last), 0);
end
$$;
