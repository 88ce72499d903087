-- The ledger by city and source, of one city or of all.
select city, name, received, stored, duplicate, conflict, quarantined, updated_at
from ledger join source using (source_id)
where %(city)s::text is null or city = %(city)s
order by city, name
