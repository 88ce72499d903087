#!/bin/sh
# Mosquitto with the configuration $1, which loads the accounts in the folder $2, and the certificates that it names, anew
# whenever they change: whoever lets a device in needs access to that folder and none to this process. Connections stay.
#
# Mosquitto acknowledges what its queue has no room for, and drops it. So before that it is started anew without the
# listener of devices: whoever cannot connect keeps what it has to say. They are let in again once the rest of Pharos
# has taken half of the queue. It is measured by its file, and PHAROS_MQTT_QUEUE_MIB is the limit.
#
# Mosquitto writes that file whole each time. The longer it is, the more seldom: 8 MiB a second.
set -eu

given=$1
accounts=$2
certificates=$(sed -n 's/^\(certfile\|keyfile\) //p' "$given" | sort -u)
queue=$(sed -n 's/^persistence_location //p' "$given")mosquitto.db
limit=$((${PHAROS_MQTT_QUEUE_MIB:-384} * 1048576))
used=$(mktemp /tmp/mosquitto.XXXXXX)
trap 'rm -f "$used"' EXIT
admits=yes
broker=
is_ending=

size() {
    stat -c %s "$queue" 2>/dev/null || echo 0
}

seconds() {
    took=$(($(size) / 8388608))
    [ "$took" -gt 5 ] && echo "$took" || echo 5
}

sums() {
    # shellcheck disable=SC2086 # a list of files without blanks
    cksum "$accounts/passwords" "$accounts/passwords-of-services" "$accounts/rights" $certificates
}

# What is loaded, or what is there now: a certificate and its key are two files, and nothing may be written any more.
settled() {
    found=$(sums) || found=$known
    [ "$found" = "$known" ] || { sleep 1; [ "$found" = "$(sums)" ] || found=$known; }
    echo "$found"
}

configure() {
    pause=$(seconds)
    shut=
    [ "$admits" = yes ] || shut='/^# Of devices/,/^acl_file/d;'
    sed "$shut s/^autosave_interval .*/autosave_interval $pause/" "$given" >"$used"
    known=$(sums) || known=
}

launch() {
    configure
    mosquitto -c "$used" &
    broker=$!
}

end() {
    is_ending=yes
    [ -z "$broker" ] || kill -TERM "$broker" 2>/dev/null || true
}

trap end TERM INT

# Return once the broker has ended; a signal to this process interrupts a wait.
await() {
    while :; do
        wait "$broker" && code=0 || code=$?
        kill -0 "$broker" 2>/dev/null || break
    done
}

# Start the broker anew; what it has queued is in its file.
again() {
    admits=$1
    kill -TERM "$broker" 2>/dev/null || true
    await
    [ -n "$is_ending" ] || launch
}

look() {
    if [ "$admits" = yes ] && [ "$(size)" -ge "$limit" ]; then
        echo "REFUSING DEVICES: the queue has $(($(size) / 1048576)) MiB. They are let in again at half of the limit" >&2
        again no
    elif [ "$admits" = no ] && [ "$(size)" -le $((limit / 2)) ]; then
        echo "the queue has $(($(size) / 1048576)) MiB: devices are let in again" >&2
        again yes
    else
        now=$(settled)
        wanted=$(seconds)
        if [ "$now" != "$known" ] || [ "$wanted" -ge $((pause * 2)) ] || [ "$wanted" -le $((pause / 2)) ]; then
            configure
            kill -HUP "$broker" 2>/dev/null || true
        fi
    fi
}

[ "$(size)" -lt "$limit" ] || admits=no
launch
while [ -z "$is_ending" ] && kill -0 "$broker" 2>/dev/null; do
    sleep 2 &
    wait $! || true
    [ -n "$is_ending" ] || look
done
await
exit "$code"
