-- Meters behind a device, by the serial numbers that came with its readings, and the time of the earliest reading of each:
-- the same whatever order they came in.
create table meter (
    device_id     integer not null references device,
    serial_number text not null,
    since         timestamptz not null,
    primary key (device_id, serial_number)
);

-- How often it turned out that meters were replaced otherwise than known: one row, looked at instead of every meter.
create table meter_version (
    version bigint not null
);
insert into meter_version (version) values (0);
