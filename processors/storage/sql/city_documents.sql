-- The city files as they were last applied.
select document from city order by name
