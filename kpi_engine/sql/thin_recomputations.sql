-- Removes the records that an open period was computed again because an hour had passed.
delete from kpi_recomputation where cause = 'new hour' and computed_at >= %(start)s and computed_at < %(end)s
