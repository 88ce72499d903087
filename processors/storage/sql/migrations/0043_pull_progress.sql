-- Services that are asked for readings: how far each of their datasets is known of each device.

-- All of [asked_from, asked_through) was asked for and answered; `newest` is the time of the newest reading that came.
-- `failure` says why the last question was not answered, null where it was.
create table pull_progress (
    city          text not null,
    binding       text not null,
    called        text not null,
    dataset       text not null,
    asked_from    timestamptz,
    asked_through timestamptz,
    newest        timestamptz,
    readings      bigint not null default 0,
    asked_at      timestamptz not null,
    answered_at   timestamptz,
    failure       text,
    primary key (city, binding, called, dataset)
);

-- What a service answers is handed over, as a file is: where nothing else decides, its later word is the better one.
alter table source drop column is_handed_over;
alter table source add column is_handed_over boolean not null
    generated always as (name like 'replay:%' or name like 'pull:%') stored;
