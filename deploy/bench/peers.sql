-- name: inserted
-- Rows that were put into a table, as the server's statistics know a second later.
select coalesce(sum(n_tup_ins), 0)::bigint from pg_stat_user_tables where relname = %(table)s

-- name: count_reference
-- Rows of the bare reference.
select count(*) from reference

-- name: count_telegraf
-- Rows of Telegraf.
select count(*) from telegraf
