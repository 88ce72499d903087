-- Chunks of observations are compressed by series and in the order of time, as they are read.
alter table observation
    set (timescaledb.enable_columnstore, timescaledb.segmentby = 'series_id', timescaledb.orderby = 'time')
