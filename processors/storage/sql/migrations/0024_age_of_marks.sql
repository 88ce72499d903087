-- Marks know when they were made, so that the age of the oldest tells how far behind the work is. Those that wait now
-- count from here on; a constant default rewrites nothing.
alter table observation_mark add column marked_at timestamptz not null default now();
alter table rollup_mark add column marked_at timestamptz not null default now();
