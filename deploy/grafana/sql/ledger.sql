-- What became of every reading of the city, by source.
select source, received, stored, duplicate, conflict, quarantined, unaccounted, updated_at
from grafana.ledger
where city = ${city:sqlstring}
order by source
