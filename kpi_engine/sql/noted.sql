-- Remembers until which master data and factors the agenda has everything.
insert into kpi_noted (applied_at, factor_id) values (%(applied_at)s, coalesce(%(factor_id)s, 0))
on conflict (only_row) do update set applied_at = excluded.applied_at, factor_id = excluded.factor_id
