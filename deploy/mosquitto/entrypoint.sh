#!/bin/sh
# Makes the broker's passwords and access lists, then becomes the broker. The hub and the health check stand here; who
# else may come, the hub writes into MQTT_ACCESS_DIR (sensor-hub mqtt gateway add …), and the broker is told within
# seconds.
#
#   SENSOR_HUB_SITE          site, as in the topics
#   MQTT_HUB_PASSWORD_FILE   file with the password of the user "hub"
#   MQTT_ACCESS_DIR          folder with "acl" and "passwords", made by the hub; empty until it has run
set -eu
umask 077

here=$(dirname "$0")
run_dir=${MOSQUITTO_RUN_DIR:-/run/mosquitto}
config=${MOSQUITTO_CONFIG:-$here/mosquitto.conf}
access=${MQTT_ACCESS_DIR:-/run/sensor-hub/broker-access}
look_s=${MQTT_LOOK_S:-2}

fail() {
    echo "mosquitto entrypoint: $1" >&2
    exit 1
}

site=${SENSOR_HUB_SITE:-home}
case $site in '' | *[!a-z0-9-]*) fail "SENSOR_HUB_SITE: use a-z, 0-9 and - only" ;; esac
password_file=${MQTT_HUB_PASSWORD_FILE:-/run/secrets/mosquitto_hub_password}
[ -r "$password_file" ] || fail "$password_file cannot be read: run docker compose run --rm setup NAME first"
password=$(cat "$password_file")
case $password in *[!A-Za-z0-9]*) fail "$password_file: use letters and digits only, as setup draws them" ;; esac
[ "${#password}" -ge 20 ] || fail "$password_file: at least 20 characters; setup draws one"

mkdir -p "$run_dir"
health=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
printf 'hub:%s\nhealth:%s\n' "$password" "$health" >"$run_dir/own.passwords"
printf -- '-u health\n-P %s\n' "$health" >"$run_dir/mosquitto_sub"
mosquitto_passwd -U "$run_dir/own.passwords" # in place: a password on a command line could be read in the list of processes
unset password health

# The hub and the health check are ours to name, whatever the hub's files say of them.
join() {
    sed "s/@SITE@/$site/g" "$here/acl.template" >"$run_dir/acl.new"
    cp "$run_dir/own.passwords" "$run_dir/passwords.new"
    if [ -e "$access/acl" ] && [ -e "$access/passwords" ]; then
        cat "$access/acl" >>"$run_dir/acl.new" || return 1
        grep -vE '^(hub|health):' "$access/passwords" >>"$run_dir/passwords.new" || [ $? -eq 1 ] || return 1
    fi
    mv "$run_dir/acl.new" "$run_dir/acl"
    mv "$run_dir/passwords.new" "$run_dir/passwords"
}
sum_up() { cat "$access/acl" "$access/passwords" 2>/dev/null | cksum; }

known=$(sum_up)
join || fail "$access: acl and passwords cannot be read: it belongs to the hub, with the broker's group (setup makes it so)"

# Looks for what the hub has written since, as long as the broker lives; it keeps this process's id.
broker=$$
(
    while sleep "$look_s" && kill -0 "$broker"; do
        now=$(sum_up)
        [ "$now" != "$known" ] || continue
        join && known=$now && kill -HUP "$broker"
    done
) >/dev/null 2>&1 &

exec mosquitto -c "$config"
