#!/bin/sh
# Install the real servers and the browser of the tests where that is allowed; say so where it is not.
# Their services are not left running: each test starts its own on a free loopback port.
set -u
missing=""
for pair in dbus-daemon:dbus-daemon systemd-analyze:systemd mosquitto:mosquitto mosquitto_sub:mosquitto-clients docker-compose:docker-compose influxd:influxdb victoria-metrics:victoria-metrics chromium:chromium npm:npm pg_ctlcluster:postgresql; do
    command="${pair%%:*}"
    if ! PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v "$command" >/dev/null 2>&1; then
        missing="$missing ${pair##*:}"
    fi
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    echo "not root and no password-less sudo: tests that need$missing will be skipped"
    exit 0
fi
command -v apt-get >/dev/null 2>&1 || { echo "no apt-get: tests that need$missing will be skipped"; exit 0; }

# A service that starts on installation would stay behind: forbid starts while we install, unless a policy is there.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null && $as_root chmod 755 "$policy"
    trap '$as_root rm -f "$policy"' EXIT
fi
echo "installing$missing"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq && $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends $missing >/dev/null \
    || echo "apt-get could not install$missing: tests that need them will be skipped"
for service in mosquitto influxdb victoria-metrics postgresql; do
    if command -v systemctl >/dev/null 2>&1; then
        case "$missing" in *"$service"*) $as_root systemctl disable --now "$service" >/dev/null 2>&1 || true ;; esac
    fi
done
exit 0
