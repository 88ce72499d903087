-- The ledger of a city, all sources together.
select
    coalesce(sum(received), 0)::bigint, coalesce(sum(stored), 0)::bigint, coalesce(sum(duplicate), 0)::bigint,
    coalesce(sum(conflict), 0)::bigint, coalesce(sum(quarantined), 0)::bigint
from ledger join source using (source_id)
where source.city = %(city)s
