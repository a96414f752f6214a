#!/bin/sh
# Makes the broker's passwords and access lists from the environment, then becomes the broker.
#
#   SENSOR_HUB_SITE     site, as in the topics
#   MQTT_HUB_PASSWORD   password of the user "hub"
#   MQTT_GATEWAYS       GATEWAY:PASSWORD or GATEWAY:PASSWORD:ATHLETE,ATHLETE for each gateway, with spaces between;
#                       with athletes it may speak for these only
set -eu
umask 077

here=$(dirname "$0")
run_dir=${MOSQUITTO_RUN_DIR:-/run/mosquitto}
config=${MOSQUITTO_CONFIG:-$here/mosquitto.conf}

fail() {
    echo "mosquitto entrypoint: $1" >&2
    exit 1
}

# These values become topics, lines of files and parts of URLs: nothing else may get in. No message repeats a password.
is_id() {
    case $1 in '' | *[!a-z0-9-]*) return 1 ;; esac
}
check_password() {
    case $2 in *[!A-Za-z0-9]*) fail "password of $1: use letters and digits only, as openssl rand -hex 24 gives" ;; esac
    [ "${#2}" -ge 20 ] || fail "password of $1: at least 20 characters; draw one with openssl rand -hex 24"
}

site=${SENSOR_HUB_SITE:-home}
is_id "$site" || fail "SENSOR_HUB_SITE: use a-z, 0-9 and - only"
base=sensorhub/v1/$site
check_password hub "${MQTT_HUB_PASSWORD:-}"

mkdir -p "$run_dir"
plain=$run_dir/passwords.new
acl=$run_dir/acl
health=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')

printf 'hub:%s\nhealth:%s\n' "$MQTT_HUB_PASSWORD" "$health" >"$plain"
printf -- '-u health\n-P %s\n' "$health" >"$run_dir/mosquitto_sub"
sed "s/@SITE@/$site/g" "$here/acl.template" >"$acl"

set -f
n_gateways=0
for entry in ${MQTT_GATEWAYS:-}; do
    n_gateways=$((n_gateways + 1))
    gateway=${entry%%:*}
    rest=${entry#*:}
    is_id "$gateway" || fail "MQTT_GATEWAYS, entry $n_gateways: the gateway's id uses a-z, 0-9 and - only"
    case $gateway in hub | health) fail "MQTT_GATEWAYS, entry $n_gateways: $gateway is no gateway's name" ;; esac
    [ "$rest" != "$entry" ] || fail "MQTT_GATEWAYS, gateway $gateway: write GATEWAY:PASSWORD"
    case $entry in *:) fail "MQTT_GATEWAYS, gateway $gateway: nothing follows its last colon" ;; esac
    ! grep -q "^$gateway:" "$plain" || fail "MQTT_GATEWAYS: gateway $gateway stands twice"
    password=${rest%%:*}
    athletes=${rest#"$password"}
    athletes=${athletes#:}
    check_password "gateway $gateway" "$password"
    printf '%s:%s\n' "$gateway" "$password" >>"$plain"
    printf '\nuser %s\n' "$gateway" >>"$acl"
    for athlete in $(printf '%s' "${athletes:-+}" | tr ',' ' '); do
        [ "$athlete" = + ] && [ -z "$athletes" ] || is_id "$athlete" \
            || fail "MQTT_GATEWAYS, gateway $gateway: an athlete's id uses a-z, 0-9 and - only"
        for leaf in live s/+/steps s/+/raw s/+/event s/+/summary; do
            printf 'topic write %s/ath/%s/%s\n' "$base" "$athlete" "$leaf" >>"$acl"
        done
    done
    printf 'topic write %s/dev/+/state\n' "$base" >>"$acl"
done
[ "$n_gateways" -gt 0 ] || fail "MQTT_GATEWAYS: name at least one GATEWAY:PASSWORD"

mosquitto_passwd -U "$plain" # in place: a password on a command line could be read in the list of processes
mv "$plain" "$run_dir/passwords"
unset MQTT_HUB_PASSWORD MQTT_GATEWAYS health password entry rest
exec mosquitto -c "$config"
