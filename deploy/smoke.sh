#!/bin/bash
# Brings the compose stack up on a machine that is thrown away afterwards, and follows one simulated run through it:
# the administrator signs in, a gateway gets a credential, its run goes through TLS into InfluxDB, and Grafana's own
# query finds it. Needs docker with compose, curl, python3 and sudo; keeps nothing it could break: run it in CI.
set -euo pipefail
cd "$(dirname "$0")/.."

page=https://localhost:8443
run_hub() { docker compose exec -T hub sensor-hub "$@"; }
say() { printf '\n== %s\n' "$*"; }
field() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }

say "setup"
[ ! -e secrets/authority ] || { echo "smoke: ./secrets is in use here: this is for a machine that is thrown away" >&2; exit 1; }
cp deploy/.env.example .env
docker compose build --quiet hub
docker compose run --rm setup localhost >/dev/null
sudo cat secrets/ca.crt >/tmp/smoke-ca.crt

say "up"
docker compose up -d --wait --wait-timeout 300
docker compose ps

say "nobody is let in without signing in"
code=$(curl -s --cacert /tmp/smoke-ca.crt -o /dev/null -w '%{http_code}' "$page/api/athletes")
[ "$code" = 401 ] || { echo "smoke: /api/athletes answered $code to nobody" >&2; exit 1; }

say "the administrator signs in"
jar=$(mktemp)
form=$(curl -sf --cacert /tmp/smoke-ca.crt -c "$jar" "$page/sign-in" | sed -n 's/.*name="form" value="\([^"]*\)".*/\1/p')
sudo cat secrets/hub/admin_password | curl -sf --cacert /tmp/smoke-ca.crt -b "$jar" -c "$jar" -o /dev/null \
    --data-urlencode "form=$form" --data-urlencode name=admin --data-urlencode password@- --data-urlencode next=/ "$page/sign-in"
curl -sf --cacert /tmp/smoke-ca.crt -b "$jar" "$page/api/account" | python3 -m json.tool >/dev/null

say "a gateway gets a credential"
edge=(docker compose run --rm -T --no-deps -v sensor-hub-smoke-edge:/var/lib/sensor-hub -v "$PWD/.smoke:/run/smoke:ro"
    -e SENSOR_HUB_MQTT_FILE=/run/smoke/mqtt hub)
mkdir -p .smoke && echo "mqtts://nobody:nothing@mosquitto:8883" >.smoke/mqtt
gateway=$("${edge[@]}" mqtt id)
password=$(run_hub mqtt gateway add "$gateway" --everybody --json | field password)
echo "mqtts://$gateway:$password@mosquitto:8883" >.smoke/mqtt
for _ in $(seq 30); do "${edge[@]}" mqtt test >/dev/null 2>&1 && break || sleep 1; done
"${edge[@]}" mqtt test
"${edge[@]}" mqtt test --json | python3 -c 'import json, sys; said = json.load(sys.stdin); assert said["tls"] and not said["hears"], said'

say "its simulated run"
timeout 600 "${edge[@]}" edge --simulate --speed 60

say "InfluxDB has it, and Grafana's own query finds it"
query='{"from": "now-7d", "to": "now+1d", "queries": [{"refId": "A", "datasource": {"uid": "sensor-hub"},
  "rawQuery": true, "resultFormat": "table", "query": "SELECT count(\"contact_time_s\") FROM \"steps\""}]}'
answer=$(sudo cat secrets/grafana/admin_password | sed 's/^/user = "admin:/; s/$/"/' | curl -sf -K - \
    -H 'Content-Type: application/json' -d "$query" http://127.0.0.1:3000/api/ds/query)
python3 - "$answer" <<'PYTHON'
import json, sys
frames = json.loads(sys.argv[1])["results"]["A"]["frames"]
n_steps = max(value for frame in frames for column in frame["data"]["values"] for value in column if value and value < 1e9)
assert n_steps > 100, f"only {n_steps} steps"
print(f"{n_steps} steps")
PYTHON

say "a removed gateway is let in no more"
run_hub mqtt remove "$gateway"
sleep 5
if "${edge[@]}" mqtt test >/dev/null 2>&1; then echo "smoke: a removed gateway was let in" >&2; exit 1; fi
docker compose logs hub | { ! grep -F -e "$password" -e "$(sudo cat secrets/hub/influx_token)"; }
echo "smoke: all as it should be"
