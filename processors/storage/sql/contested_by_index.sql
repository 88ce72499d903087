-- Contested keys are few and have no statistics: let the rest of the transaction look them up instead of scanning tables.
-- They may lie in as many compressed batches as there are keys, more than TimescaleDB opens in one statement by default.
select set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
    set_config('timescaledb.max_tuples_decompressed_per_dml_transaction', '0', true)
