-- Chunks are compressed once all they hold is older than some days.
call add_columnstore_policy('observation', after => make_interval(days => %(days)s), if_not_exists => true)
