-- Values may carry a revision (when they were issued), a source may be somebody who hands files over, and people correct
-- readings; a device is its native id, so its name may pass to another one.

-- All distinct values of a reading that was given more than one, or one with a revision ('-infinity': nobody said when
-- it was issued). What people entered as corrections stands beside what was reported, so that it can be withdrawn.
alter table conflict
    add column revision double precision not null default '-infinity',
    add column corrected boolean not null default false,
    drop constraint conflict_pkey,
    add primary key (series_id, time, value, corrected);

-- Whether what comes from it is handed over by a person, whose later value is the better one where nothing else decides.
alter table source add column is_handed_over boolean not null generated always as (name like 'replay:%') stored;

-- A better value for the readings of a series in [from_time, to_time), until it is withdrawn.
create table correction (
    correction_id integer generated always as identity primary key,
    series_id     integer not null references series,
    from_time     timestamptz not null,
    to_time       timestamptz not null,
    value         double precision not null,
    readings      integer not null,
    author        text not null,
    reason        text not null,
    revision      double precision not null,
    entered_at    timestamptz not null,
    withdrawn_at  timestamptz,
    withdrawn_by  text,
    withdrawn_for text
);
create index on correction (series_id);

-- Two devices may swap their names in one transaction.
alter table device
    drop constraint device_city_id_name_key,
    add constraint device_city_id_name_key unique (city_id, name) deferrable initially deferred;
create index on device (city_id, native_id);
