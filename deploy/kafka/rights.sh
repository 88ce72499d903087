#!/bin/sh
# Users of Kafka and what each may do. Runs beside the broker, on its loopback listener $1; safe to repeat, and so the
# way to take up a password that was replaced.
set -eu
bin=${KAFKA_BIN:-/opt/kafka/bin}
secrets=${SECRETS:-/run/secrets}

let_in() {
    "$bin/kafka-configs.sh" --bootstrap-server "$1" --alter --entity-type users --entity-name "$2" \
        --add-config "SCRAM-SHA-512=[password=$(cat "$secrets/kafka-$2")]"
}

allow() {
    server=$1 user=$2
    shift 2
    "$bin/kafka-acls.sh" --bootstrap-server "$server" --add --force --allow-principal "User:$user" "$@"
}

let_in "$1" ingest
let_in "$1" process
let_in "$1" publish
allow "$1" ingest --topic pharos.v1. --resource-pattern-type prefixed \
    --operation Create --operation Describe --operation DescribeConfigs --operation Write
allow "$1" process --topic pharos.v1. --resource-pattern-type prefixed \
    --operation Create --operation Describe --operation DescribeConfigs --operation Read
allow "$1" process --group pharos-process --operation Read
allow "$1" process --group pharos-bound --operation Read
allow "$1" publish --topic pharos.figures.v1 \
    --operation Create --operation Describe --operation DescribeConfigs --operation Write
