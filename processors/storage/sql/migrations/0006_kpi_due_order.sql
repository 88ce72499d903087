-- The agenda in the order in which it is worked off: a history of years makes millions of figures due at once.
create index on kpi_due (urgency, period_start desc, period, city_id, site_id);
