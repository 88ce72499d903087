"""The one-machine stack: PostgreSQL, MQTT broker and Pharos' own processes under one supervisor."""
