#!/bin/sh
# Get what the guest is made of: QEMU, BlueZ, a Debian kernel that is unpacked but never installed, an initramfs.
# Debian 12 as root or with sudo. Everything of ours goes to the folder given (.radio), which git ignores.
set -eu
build="$1"
here="$(cd "$(dirname "$0")" && pwd)"
mkdir -p "$build"
export PATH="$PATH:/usr/sbin:/sbin"

missing=""
for pair in qemu-system-x86_64:qemu-system-x86 busybox:busybox-static bluetoothctl:bluez dbus-daemon:dbus cpio:cpio \
    depmod:kmod; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair##*:}"
done
if [ -n "$missing" ]; then
    command -v apt-get >/dev/null 2>&1 || { echo "missing:$missing; this needs Debian 12 (no apt-get here)" >&2; exit 2; }
    if [ "$(id -u)" = 0 ]; then
        as_root=""
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        as_root="sudo -n"
    else
        echo "missing:$missing; run: sudo apt-get install --no-install-recommends$missing" >&2
        exit 2
    fi
    # Their services must not start on this machine: they run in the guest only.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
        $as_root chmod 755 "$policy"
        trap '$as_root rm -f "$policy"' EXIT
    fi
    echo "installing$missing"
    $as_root apt-get update -qq
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

if [ ! -e "$build/version" ]; then
    command -v apt-get >/dev/null 2>&1 || { echo "no apt-get to download a kernel with" >&2; exit 2; }
    package="$(apt-cache search --names-only '^linux-image-6\.1\.0-[0-9]+-amd64$' | cut -d' ' -f1 | sort -V | tail -1)"
    [ -n "$package" ] || { echo "no linux-image-6.1.0-*-amd64 in apt; run: apt-get update (as root)" >&2; exit 2; }
    echo "downloading $package"
    (cd "$build" && apt-get download -q "$package" >/dev/null 2>&1) || { echo "cannot download $package" >&2; exit 2; }
    rm -rf "$build/kernel"
    dpkg-deb -x "$build/$package"_*.deb "$build/kernel"
    rm -f "$build/$package"_*.deb
    version="${package#linux-image-}"
    depmod -b "$build/kernel" "$version"
    echo "$version" >"$build/version.new"
    mv "$build/version.new" "$build/version"
fi

# The initramfs: busybox, and the modules in the order they must be loaded.
version="$(cat "$build/version")"
root="$build/initramfs"
rm -rf "$root"
mkdir -p "$root/bin" "$root/modules" "$root/proc" "$root/sys" "$root/dev" "$root/host" "$root/over" "$root/root"
cp "$(command -v busybox)" "$root/bin/busybox"
cp "$here/init.sh" "$root/init"
chmod 755 "$root/init"
: >"$root/modules/order"
grep -v '^#' "$here/modules.txt" | while read -r name; do
    modprobe -d "$build/kernel" -S "$version" --show-depends "$name" | while read -r kind path _; do
        [ "$kind" = insmod ] || continue
        file="$(basename "$path")"
        grep -qx "$file" "$root/modules/order" && continue
        cp "$path" "$root/modules/$file"
        echo "$file" >>"$root/modules/order"
    done
done
(cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) >"$build/initramfs.gz"
cp "$build/kernel/boot/vmlinuz-$version" "$build/vmlinuz"
