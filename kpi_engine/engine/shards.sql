-- name: shards_claim
-- Claims the shards of the most urgent figures for this session, but for those of others that were tried; tells of each
-- whether it is claimed.
select shard, pg_try_advisory_lock(hashtext('pharos figures of shard'), shard)
from (
    select distinct shard
    from (
        select shard
        from kpi_due
        where shard <> all (%(others)s::smallint[]) and not_before is null
        order by urgency, period_start desc, period, city_id, site_id nulls first
        limit %(limit)s
    ) as urgent
) as next

-- name: shards_release
-- Lets shards go.
select pg_advisory_unlock(hashtext('pharos figures of shard'), shard) from unnest(%(shards)s::integer[]) as shard
