-- Remembers until when revisions have been thinned.
insert into kpi_thinning (through) values (%(end)s) on conflict (only_row) do update set through = excluded.through
