"""People are told of alarms: by mail, webhook and what Apprise brings, as a file of receivers and routes says."""
