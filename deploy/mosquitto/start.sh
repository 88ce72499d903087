#!/bin/sh
# Mosquitto with the configuration $1, which loads the accounts in the folder $2 anew whenever they change: whoever lets
# a device in needs access to that folder and none to this process.
set -eu

broker=$$
known=$(cksum "$2/passwords" "$2/passwords-of-services" "$2/rights")

watch() {
    while sleep 2 && kill -0 "$broker" 2>/dev/null; do
        now=$(cksum "$2/passwords" "$2/passwords-of-services" "$2/rights") || continue
        if [ "$now" != "$known" ]; then
            known=$now
            kill -HUP "$broker"
        fi
    done
}

watch "$@" &
exec mosquitto -c "$1"
