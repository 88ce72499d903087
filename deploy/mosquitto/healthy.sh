#!/bin/sh
# Healthy is a broker that accepts a client over TLS and delivers to it; a TCP connect says nothing of either.
exec mosquitto_sub -h localhost -p "${PORT:-8884}" --cafile /run/secrets/authority -u probe \
    -P "$(cat /run/secrets/mqtt-probe)" -t '$SYS/broker/uptime' -C 1 -W 5
