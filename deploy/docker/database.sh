#!/bin/sh
# PostgreSQL that speaks TLS, and over the network nothing else. A key must belong to the server's own user, which a
# mounted secret does not: it gets a copy in memory.
set -eu
umask 077
key=${TMPDIR:-/tmp}/database.key
cat /run/secrets/database-key > "$key"
exec docker-entrypoint.sh postgres \
    -c ssl=on \
    -c ssl_cert_file=/run/secrets/database-certificate \
    -c ssl_key_file="$key" \
    -c ssl_min_protocol_version=TLSv1.3 \
    -c hba_file=/pharos/pg_hba.conf \
    -c max_slot_wal_keep_size=32GB \
    -c tcp_keepalives_idle=10 \
    -c tcp_keepalives_interval=5 \
    -c tcp_keepalives_count=3 \
    -c tcp_user_timeout=30s
