-- What bounds the amount of a bucket, in single precision: NULL costs nothing, and most are NULL where registers are read
-- on the hour. Units are those of the series and seconds; see processors/steps/rollup.py.
alter table rollup
    add column entry_seconds real,
    add column entry_amount  real,
    add column exit_seconds  real,
    add column exit_amount   real,
    add column doubt_below   real,
    add column doubt_above   real,
    add column peak          real;

-- What a figure lies between by what is known; NULL where nothing bounds it, and of figures computed before.
alter table kpi_value
    add column lower double precision,
    add column upper double precision;

-- Days (UTC) on which a register showed less than before: what happened near them is decided by the readings around.
create table register_fall (
    series_id integer not null,
    day       date not null,
    primary key (series_id, day)
);

-- Until now every fall was a restart, and no contract could say anything else. What was stored as the only choice was
-- chosen by nobody: from now on it is decided by the readings, unless a city file says that every fall is a restart.
update city set document = replace(document::text, '"on_decrease": "reset_to_zero"', '"on_decrease": null')::jsonb;
update series set register_contract =
    replace(register_contract::text, '"on_decrease": "reset_to_zero"', '"on_decrease": null')::jsonb
where register_contract is not null;
