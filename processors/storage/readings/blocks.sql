-- name: readings_unpack
-- Make rows of blocks of given series, which are counted from 1970.
select unpack_observations(
    %(series)s::integer[],
    array(
        select timestamptz 'epoch' + one.number * interval '192 hours'
        from unnest(%(blocks)s::bigint[]) with ordinality as one (number, place)
        order by one.place
    )
)

-- name: readings_pack
-- Pack readings of some series that are over: how many blocks that were, since when, and how many were left over from
-- before readings were packed at all.
select blocks, first, left_over
from pack_observations(
    %(series)s::integer[], %(before)s, make_interval(secs => %(rest)s), %(at_least)s, %(at_most)s
)

-- name: readings_shrink
-- Give back the room of rows that were packed in a time that is over.
select shrink_observations(%(first)s, %(last)s)
