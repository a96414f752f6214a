#!/bin/sh
# Second stage in the guest, on the (read-only) machine outside: the system bus, the pump, the checks.
repository="$1"
python="$2"
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
echo "guest up after $(cut -d' ' -f1 /proc/uptime) s"
mkdir -p /run/dbus /run/ports
for port in /sys/class/virtio-ports/*; do
    ln -s "/dev/$(basename "$port")" "/run/ports/$(cat "$port/name")"
done
dbus-daemon --system --fork --nopidfile
cd "$repository" || exit 1
"$python" -m tests.qemu.pump /run/ports/hci &
echo $! >/run/pump.pid
"$python" -u -m tests.qemu.checks
echo "guest done after $(cut -d' ' -f1 /proc/uptime) s"
