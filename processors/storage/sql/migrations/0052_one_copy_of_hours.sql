-- Days of hours beside a factor series are kept as those of every other group are, by what decides them: kpi_group_day.
-- Both are copies, and what is not there is read from the rollups: no figure is computed again.
drop table kpi_day_hours;
