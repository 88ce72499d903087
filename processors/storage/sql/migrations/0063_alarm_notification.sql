-- Whom an alarm was told, on what occasion and when: so that everybody is told at least once, and nobody again and again.
create table alarm_notification (
    alarm_id bigint not null references alarm on delete cascade,
    receiver text not null,
    occasion text not null,
    sent_at  timestamptz not null,
    primary key (alarm_id, receiver, occasion, sent_at)
);
create index alarm_notification_age on alarm_notification (sent_at);
