-- Nobody writes old readings until this transaction ends; gives up rather than keep writers waiting for long.
select set_config('lock_timeout', '5s', true), pg_advisory_xact_lock(hashtext('retention'))
