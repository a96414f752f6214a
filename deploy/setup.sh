#!/bin/sh
# Draws every secret and makes the certificates, each in a file that only its own container can read. Nothing that is
# there is overwritten; run again it adds what is missing.
#
#   docker compose run --rm setup NAME...         names and addresses under which this machine is asked for
#   docker compose run --rm setup renew NAME...   a new certificate for the server, by the same authority
set -eu
umask 077

folder=${SECRETS_DIR:-/secrets}
hub=${HUB_USER:-10001} mosquitto=${MOSQUITTO_USER:-1883} influxdb=${INFLUXDB_USER:-1000} grafana=${GRAFANA_USER:-472}

fail() {
    echo "setup: $1" >&2
    exit 1
}
draw() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# secret USER FILE VALUE: written whole, for that user only; one that is there is that user's from now on
secret() {
    if [ -e "$2" ]; then
        [ -s "$2" ] || fail "$folder/$2 is empty: remove it, and run this again"
        chown "$1:$1" "$2"
        chmod 0400 "$2"
        return 0
    fi
    printf '%s' "$3" >"$2.new"
    chown "$1:$1" "$2.new"
    chmod 0400 "$2.new"
    mv "$2.new" "$2"
}

# certificate USER FOLDER: the server's certificate and key, and the authority's certificate
certificate() {
    for name in ca.crt server.crt server.key; do
        cp "$folder/authority/$name" "$2/$name.new"
        chown "$1:$1" "$2/$name.new"
        chmod 0400 "$2/$name.new"
        mv "$2/$name.new" "$2/$name"
    done
}

[ -d "$folder" ] || fail "$folder is no folder"
[ $# -gt 0 ] || fail "name this machine as gateways and browsers will ask for it, such as: setup hub.local 192.168.1.20"
cd "$folder"
mkdir -p hub/tls mosquitto/tls influxdb grafana broker-access

mode=init
if [ "$1" = renew ]; then
    [ -e authority/ca.crt ] || fail "there is no certificate to renew: run it without renew first"
    mode=renew
    shift
elif [ -e authority/ca.crt ]; then
    mode=keep
fi
set -- "$@" mosquitto hub # as the containers call each other
names=
for name in "$@"; do
    case $name in *[!A-Za-z0-9.:-]*) fail "$name is neither a host's name nor an address" ;; esac
    names="$names --name $name"
done
# shellcheck disable=SC2086 # each name is a word of its own
[ "$mode" = keep ] || sensor-hub tls "$mode" $names --out "$folder/authority"
certificate "$hub" hub/tls
certificate "$mosquitto" mosquitto/tls
cp authority/ca.crt ca.crt && chmod 0644 ca.crt

if [ -e mosquitto/hub_password ]; then
    broker=$(cat mosquitto/hub_password)
else
    broker=$(draw)
    rm -f hub/mqtt # it holds the one before
fi
if [ -e influxdb/token ]; then token=$(cat influxdb/token); else token=$(draw)$(draw); fi
if [ -e influxdb/grafana_password ]; then reader=$(cat influxdb/grafana_password); else reader=$(draw); fi
secret "$mosquitto" mosquitto/hub_password "$broker"
secret "$hub" hub/mqtt "mqtts://hub:$broker@mosquitto:8883"
secret "$hub" hub/admin_password "$(draw)"
secret "$influxdb" influxdb/admin_password "$(draw)"
secret "$influxdb" influxdb/token "$token"
secret "$hub" hub/influx_token "$token"
secret "$influxdb" influxdb/grafana_password "$reader"
secret "$grafana" grafana/influxdb_password "$reader"
secret "$grafana" grafana/admin_password "$(draw)"
secret "$grafana" grafana/secret_key "$(draw)$(draw)"

# Folders may be passed through by whoever starts the containers; the files in them are their users' alone.
chmod 0711 . hub hub/tls mosquitto mosquitto/tls influxdb grafana
# The hub writes who may come to the broker, and the broker's group reads it: what is made here gets that group.
chown "$hub:$mosquitto" broker-access
chmod 2750 broker-access

if [ "$mode" = keep ]; then
    echo "The certificate stays as it was. For more names, or before it ends: docker compose run --rm setup renew NAME..."
    sensor-hub tls show --out "$folder/authority" || true # it leaves with 1 in the last month, and says so
fi
echo "Everything is in ./secrets, for root and its own container only. Never commit it; back it up encrypted."
echo "  page      user admin, password: sudo cat secrets/hub/admin_password"
echo "  Grafana   user admin, password: sudo cat secrets/grafana/admin_password"
echo "  gateways  need a copy of secrets/ca.crt each (it is no secret)"
echo "  secrets/authority/ca.key is needed to renew only: keep it elsewhere until then"
