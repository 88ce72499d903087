-- name: any_outbound
-- Whether the file of a city, as it was last applied, says that figures are handed on.
select exists (select from city where document ? 'outbound')
