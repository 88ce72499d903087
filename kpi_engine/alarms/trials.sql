-- name: receivers_forget
-- Forget who can be told no more.
delete from alarm_receiver where receiver <> all (%(receivers)s::text[])

-- name: receiver_note
-- Note who can be told, by which ways and of which cities.
insert into alarm_receiver (receiver, ways, cities) values (%(receiver)s, %(ways)s, %(cities)s)
on conflict (receiver) do update set ways = excluded.ways, cities = excluded.cities

-- name: receivers_of
-- Who can be told of alarms of a city.
select receiver, ways, cities from alarm_receiver where cities is null or %(city)s = any (cities) order by receiver

-- part: trial_columns
-- What is told of a trial.
trial_id, city, asked_by, asked_at, finished_at,
    finished_at is null and asked_at < now() - %(lapse)s::interval as lapsed

-- name: trial_turn
-- Wait until nobody else asks for a trial of the city.
select pg_advisory_xact_lock(hashtext('alarm_trial'), hashtext(%(city)s))

-- name: trial_ask
-- Ask for a trial, where none of the city was asked for just before.
insert into alarm_trial (city, asked_by)
select %(city)s, %(asked_by)s
where not exists (select from alarm_trial where city = %(city)s and asked_at > now() - %(pause)s::interval)
returning
    -- include: kpi_engine.alarms.trials.trial_columns

-- name: trial_one
-- One trial.
select
    -- include: kpi_engine.alarms.trials.trial_columns
from alarm_trial where trial_id = %(trial_id)s

-- name: trials_waiting
-- Trials that are to be sent, or were left unfinished.
select
    -- include: kpi_engine.alarms.trials.trial_columns
from alarm_trial where finished_at is null and asked_at >= now() - %(lapse)s::interval order by asked_at, trial_id

-- name: trial_results
-- What became of the ways of a trial that were tried.
select receiver, way, told_at, trouble from alarm_trial_result where trial_id = %(trial_id)s order by receiver, way

-- name: trial_note
-- Write down what became of one way.
insert into alarm_trial_result (trial_id, receiver, way, told_at, trouble)
values (%(trial_id)s, %(receiver)s, %(way)s, %(told_at)s, %(trouble)s)
on conflict (trial_id, receiver, way) do update set told_at = excluded.told_at, trouble = excluded.trouble

-- name: trial_finish
-- Write down that every way of a trial was tried.
update alarm_trial set finished_at = now() where trial_id = %(trial_id)s

-- name: trials_forget
-- Forget trials of long ago, with what became of them.
delete from alarm_trial where asked_at < now() - %(kept)s::interval
