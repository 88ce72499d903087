#!/bin/sh
# Put the dump $1 (a name in /backups) in the place of the database. Roles and passwords stay as they are.
set -eu
PGPASSWORD=$(cat /run/secrets/database-superuser)
PGHOST=${PGHOST:-database} PGUSER=postgres
export PGPASSWORD PGHOST PGUSER

ask() {
    psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --dbname "$1" --command "$2"
}

test -f "/backups/$1"
ask postgres 'drop database if exists pharos_restored with (force)'
ask postgres 'create database pharos_restored owner pharos_owner template template0'
ask pharos_restored 'create extension if not exists timescaledb; select timescaledb_pre_restore()' >/dev/null
pg_restore --exit-on-error --dbname pharos_restored "/backups/$1"
ask pharos_restored 'select timescaledb_post_restore()' >/dev/null
ask pharos_restored 'analyze'
# Only now, with everything restored, does the former database give way; it is kept until somebody drops it.
ask postgres 'drop database if exists pharos_before_restore with (force)'
ask postgres 'alter database pharos rename to pharos_before_restore'
ask postgres 'alter database pharos_restored rename to pharos'
echo "restored $1; the former database is pharos_before_restore. Next: pharos db roles and pharos db migrate"
