#!/bin/sh
# Mosquitto with the configuration $1, which loads the accounts in the folder $2, and the certificates that it names, anew
# whenever they change: whoever lets a device in needs access to that folder and none to this process. Connections stay.
set -eu

broker=$$
certificates=$(sed -n 's/^\(certfile\|keyfile\) //p' "$1" | sort -u)
sums() {
    # shellcheck disable=SC2086 # a list of files without blanks
    cksum "$1/passwords" "$1/passwords-of-services" "$1/rights" $certificates
}
known=$(sums "$2")

watch() {
    while sleep 2 && kill -0 "$broker" 2>/dev/null; do
        now=$(sums "$2") || continue
        # A certificate and its key are two files: both have to be there, and nothing may be written any more.
        if [ "$now" != "$known" ] && sleep 1 && [ "$now" = "$(sums "$2")" ]; then
            known=$now
            kill -HUP "$broker"
        fi
    done
}

watch "$@" &
exec mosquitto -c "$1"
