-- Drop every reading before an edge, but for the last one of each series.
select drop_observations(%(edge)s)
