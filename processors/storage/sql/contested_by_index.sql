-- Contested keys are few and have no statistics: let the rest of the transaction look them up instead of scanning tables.
select set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)
