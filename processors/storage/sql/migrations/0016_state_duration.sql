-- Time spent in each named state, by civil hour, day and month; owned by the application, as rollups are.

-- How long a series was in a state in a bucket (microseconds), and how many readings said so. What a bucket lacks is not
-- known: durations and what is unknown add up to its length. A state is a place in the list of its quantity.
create table state_duration (
    period     text not null check (period in ('hour', 'day', 'month')),
    series_id  integer not null,
    bucket     timestamptz not null,
    bucket_end timestamptz not null,
    state      smallint not null,
    duration   bigint not null,
    count      integer not null,
    primary key (period, series_id, bucket, state)
);
