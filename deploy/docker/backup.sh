#!/bin/sh
# Dump the database into /backups, and remove dumps older than KEEP_DAYS. A dump that was not finished ends in .part.
set -eu
umask 027
PGPASSWORD=$(cat /run/secrets/database-superuser)
export PGPASSWORD

began=$(date -u +%Y-%m-%dT%H:%M:%SZ)
name=pharos-$(echo "$began" | tr -d ':-').dump
pg_dump --host "${PGHOST:-database}" --username postgres --format custom --file "/backups/$name.part" pharos
mv "/backups/$name.part" "/backups/$name"
# Prometheus is told of it: see kpi_engine/metrics/store.sql.
psql --quiet --no-psqlrc --host "${PGHOST:-database}" --username postgres --dbname pharos \
    --command "comment on database pharos is 'last backup $began'"
find /backups -name 'pharos-*.dump*' -mtime "+${KEEP_DAYS:-30}" -exec rm {} +
echo "$name"
