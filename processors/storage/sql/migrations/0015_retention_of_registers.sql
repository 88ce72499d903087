-- Drops every reading before an edge, but for the last one of each series and the last one above zero; returns how many
-- were kept. A register that reads zero for a while and returns to where it was did not restart (glitch): what follows
-- the edge is judged by where it was. Otherwise as before.
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
