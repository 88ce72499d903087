-- Keeps the planner to index look-ups: every query of this session starts from a small table that has no statistics.
select set_config('enable_hashjoin', 'off', false), set_config('enable_mergejoin', 'off', false)
