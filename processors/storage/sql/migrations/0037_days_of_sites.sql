-- Days of sites are computed when they are asked for, and no longer kept: what was known of them until now stays as it
-- was, for whoever asks for that time. Those that a baseline measures by become due again by their definition.
update kpi_value set superseded_at = now() where site_id is not null and period = 'day' and superseded_at is null;
delete from kpi_due where site_id is not null and period = 'day';
