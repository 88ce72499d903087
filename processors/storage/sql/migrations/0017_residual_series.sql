-- Residuals of balances as series: what they are made of, their hours, days and months, and what has to be computed again.

-- Ids share no range with those of table series, so that one id names one series.
create table kpi_residual_series (
    series_id  integer generated always as identity (start with 1000000000) primary key,
    device_id  integer not null references device,
    quantity   text not null,
    title      text not null,
    unit       text not null,
    definition text not null,
    members    jsonb not null,
    unique (device_id, quantity)
);

-- value: what goes in less what comes out, null with a reason; reference: what goes in; estimated: the part of all
-- amounts read that is an estimate, in kWh. A row for every bucket in which anything is known of a member.
create table kpi_residual (
    period     text not null,
    series_id  integer not null,
    bucket     timestamptz not null,
    bucket_end timestamptz not null,
    value      double precision,
    reference  double precision,
    estimated  double precision not null,
    reason     text,
    primary key (period, series_id, bucket),
    check ((value is null) = (reason is not null))
) partition by list (period);
create table kpi_residual_hour partition of kpi_residual for values in ('hour');
create table kpi_residual_day partition of kpi_residual for values in ('day');
create table kpi_residual_month partition of kpi_residual for values in ('month');

-- Hours to compute again, the newest first. Rollups that exist already are not marked any more, so all are due once;
-- the KPI engine finds that out itself, since it knows no residual series yet.
create table kpi_residual_due (
    series_id integer not null,
    from_time timestamptz not null,
    to_time   timestamptz not null,
    unique (series_id, from_time, to_time)
);
create index on kpi_residual_due (to_time desc);
