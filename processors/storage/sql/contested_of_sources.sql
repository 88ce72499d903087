-- Contest the readings of which a source gave one of several values.
insert into contested (series_id, time, differs)
select distinct series_id, time, true from conflict where source_id = any(%(sources)s)
