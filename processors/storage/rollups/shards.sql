-- name: rollup_shards_claim
-- Claims shards for this session; tells of each whether nobody else holds it.
select shard, pg_try_advisory_lock(hashtext('pharos rollups of shard'), shard)
from unnest(%(shards)s::integer[]) as shard

-- name: rollup_shards_release
-- Lets shards go.
select pg_advisory_unlock(hashtext('pharos rollups of shard'), shard) from unnest(%(shards)s::integer[]) as shard
