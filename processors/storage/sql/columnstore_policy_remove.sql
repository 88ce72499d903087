-- Make room for the declared policy.
call remove_columnstore_policy('observation', if_exists => true)
