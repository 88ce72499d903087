-- name: bound_city_documents
-- The city files, as they were last applied, that declare bindings.
select document from city where document ? 'bindings' order by name
