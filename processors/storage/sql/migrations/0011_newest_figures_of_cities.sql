-- The newest figures of each city as a whole: read at every look of whoever watches, however many years there are.
create index kpi_value_of_city on kpi_value (kpi, city_id, period, period_start desc)
    where site_id is null and superseded_at is null;
