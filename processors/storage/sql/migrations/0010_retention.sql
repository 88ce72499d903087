-- Old raw readings may be dropped, whole chunks or partitions at a time; what has been computed from them stays.

-- Each time readings were dropped. Those before the latest horizon are gone, but for one of each series: its last one
-- before the horizon, so that the first hour after it is computed as if all were there.
create table retention (
    horizon    timestamptz primary key,
    dropped_at timestamptz not null default now(),
    kept       integer not null
);

-- Policies of TimescaleDB that were applied; they are applied once, and drift is reported.
create table storage_policy (
    name       text primary key,
    applied_at timestamptz not null default now()
);

-- The latest edge of a chunk or partition of observations at or before an instant; null where none is so old.
create function observation_edge(latest timestamptz) returns timestamptz
    language plpgsql stable
    security definer
    set search_path = public, pg_temp
    set timezone to 'UTC'
as $$
begin
    if exists (select from pg_partitioned_table where partrelid = 'observation'::regclass) then
        return (
            select max(edge)
            from pg_inherits join pg_class on pg_class.oid = inhrelid
            cross join lateral (
                select to_date(right(relname, 7), 'YYYY_MM')::timestamptz + interval '1 month' as edge
            ) as bound
            where inhparent = 'observation'::regclass and edge <= latest
        );
    end if;
    return (
        select max(range_end) from timescaledb_information.chunks
        where hypertable_schema = 'public' and hypertable_name = 'observation' and range_end <= latest
    );
end
$$;

-- Drops every reading before an edge, but for the last one of each series; returns how many were kept.
-- Done by whoever asks as the owner of the table would; nobody but the owner may until it is granted.
create function drop_observations(before timestamptz) returns integer
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
        select observation from observation
        where observation.series_id = series.series_id and observation.time < before
        order by observation.time desc limit 1
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
revoke execute on function drop_observations(timestamptz) from public;
