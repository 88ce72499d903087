-- Makes room for what rules wait out now.
delete from alarm_watch
