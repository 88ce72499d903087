#!/bin/sh
# Kafka with the configuration $1; its storage is formatted at the first start and left as it is at every later one.
set -eu
bin=${KAFKA_BIN:-/opt/kafka/bin}

"$bin/kafka-storage.sh" format --ignore-formatted --cluster-id "$KAFKA_CLUSTER_ID" --config "$1"
exec "$bin/kafka-server-start.sh" "$1"
