-- name: pull_known
-- What is known of everything that services were ever asked for.
select city, binding, called, dataset, asked_from, asked_through, newest, readings, asked_at, answered_at, failure
from pull_progress
order by city, binding, called, dataset

-- name: pull_answered
-- Note a window that was answered: what is known goes on from its begin, or begins with it where that is earlier or later
-- than all that was known; one of a back-fill by hand, without begin and end, moves nothing.
insert into pull_progress as known (
    city, binding, called, dataset, asked_from, asked_through, newest, readings, asked_at, answered_at, failure
)
values (
    %(city)s, %(binding)s, %(called)s, %(dataset)s, %(begin)s, %(end)s, %(newest)s, %(readings)s, %(now)s, %(now)s, null
)
on conflict (city, binding, called, dataset) do update
set asked_from = case
        when excluded.asked_from between known.asked_from and known.asked_through then known.asked_from
        else coalesce(excluded.asked_from, known.asked_from)
    end,
    asked_through = case
        when excluded.asked_from between known.asked_from and known.asked_through
            then greatest(known.asked_through, excluded.asked_through)
        else coalesce(excluded.asked_through, known.asked_through)
    end,
    newest = greatest(known.newest, excluded.newest),
    readings = known.readings + excluded.readings,
    asked_at = excluded.asked_at,
    answered_at = excluded.answered_at,
    failure = null

-- name: pull_failed
-- Note why a question was not answered; what is known stays.
insert into pull_progress as known (city, binding, called, dataset, asked_at, failure)
values (%(city)s, %(binding)s, %(called)s, %(dataset)s, %(now)s, %(failure)s)
on conflict (city, binding, called, dataset) do update
set asked_at = excluded.asked_at, failure = excluded.failure
