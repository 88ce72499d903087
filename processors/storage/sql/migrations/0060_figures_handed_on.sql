-- How far the figures of a city were handed on by a channel: to which value, and of which choice of figures. Where the
-- choice is another one, everything is handed on again.
create table figure_handed_on (
    channel      text not null,
    city_id      smallint not null references city,
    choice       text not null,
    through      bigint not null,
    handed_on_at timestamptz not null default now(),
    primary key (channel, city_id)
);
