-- How often what a rule watches for has happened, so that a restart does not count from anew.
alter table alarm_watch add column held_count integer not null default 0;
