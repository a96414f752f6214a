#!/bin/sh
# Install an edge on Debian 12 or Raspberry Pi OS (64 bit): user, program, settings, service. Run again it updates.
#   sudo sh deploy/edge/install.sh            from this folder of the repository
#   sudo sh deploy/edge/install.sh FILE.whl   a wheel that was built elsewhere
# DESTDIR=/somewhere only lays the files out there, for a look.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
what=${1:-$(cd "$here/../.." && pwd)}
root=${DESTDIR:-}
etc=$root/etc/sensor-hub

say() { printf '%s\n' "$*"; }
fail() { say "install: $*" >&2; exit 1; }

if [ -z "$root" ]; then
    [ "$(id -u)" = 0 ] || fail "run it with sudo"
    for command in systemctl bluetoothctl python3; do
        command -v "$command" >/dev/null || fail "$command is missing: apt-get install bluez python3-venv"
    done
    id sensorhub >/dev/null 2>&1 \
        || useradd --system --home-dir /var/lib/sensor-hub --shell /usr/sbin/nologin --groups bluetooth sensorhub
    [ -x /opt/sensor-hub/bin/python ] || python3 -m venv /opt/sensor-hub \
        || fail "python3 -m venv failed: apt-get install python3-venv"
    /opt/sensor-hub/bin/python -m pip install --quiet --disable-pip-version-check --upgrade "$what"
    install -d -m 0700 -o sensorhub -g sensorhub /var/lib/sensor-hub
fi

install -d -m 0755 "$etc" "$etc/firmware_profiles"
# Never over what is there: it holds the password.
[ -e "$etc/edge.env" ] || install -m 0600 "$here/edge.env.example" "$etc/edge.env"
[ -e "$etc/tunnel.env" ] || { umask 077; printf "HUB_SSH='user@hub'\n" >"$etc/tunnel.env"; }
umask 022
install -d "$root/etc/systemd/system" "$root/usr/local/bin"
install -m 0644 "$here/sensor-hub-edge.service" "$here/sensor-hub-tunnel.service" "$root/etc/systemd/system/"
install -m 0755 "$here/sensor-hub-edge" "$root/usr/local/bin/sensor-hub-edge"
[ -n "$root" ] || systemctl daemon-reload

say "Next:"
say "  1. sudo nano /etc/sensor-hub/edge.env          (broker of the hub; its ca.crt to /etc/sensor-hub/ca.crt)"
say "  2. sudo sensor-hub-edge athlete add NAME --id PSEUDONYM   (as on the hub: athlete list)"
say "  3. sudo sensor-hub-edge devices pair --athlete NAME"
say "  4. sudo sensor-hub-edge devices check"
say "  5. sudo systemctl enable --now sensor-hub-edge  (and sensor-hub-tunnel, if the hub is reached by ssh)"
