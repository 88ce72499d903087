#!/bin/sh
# Dump the database into /backups, and remove dumps older than KEEP_DAYS. A dump that was not finished ends in .part.
set -eu
umask 027
PGPASSWORD=$(cat /run/secrets/database-superuser)
export PGPASSWORD

name=pharos-$(date -u +%Y%m%dT%H%M%SZ).dump
pg_dump --host "${PGHOST:-database}" --username postgres --format custom --file "/backups/$name.part" pharos
mv "/backups/$name.part" "/backups/$name"
find /backups -name 'pharos-*.dump*' -mtime "+${KEEP_DAYS:-30}" -exec rm {} +
echo "$name"
