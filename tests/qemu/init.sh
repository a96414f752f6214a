#!/bin/busybox sh
# First process of the guest: load modules, take the machine outside read-only, and run guest.sh on it.
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
while read -r module; do insmod "/modules/$module" 2>&1; done </modules/order
mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=262144 host /host || poweroff -f
mount -t tmpfs over /over
mkdir /over/upper /over/work
mount -t overlay -o lowerdir=/host,upperdir=/over/upper,workdir=/over/work overlay /root || poweroff -f
for kind in proc sys dev; do mount --move "/$kind" "/root/$kind"; done
mkdir -p /root/dev/shm /root/var/lib/bluetooth
for place in run tmp dev/shm var/lib/bluetooth; do mount -t tmpfs tmpfs "/root/$place"; done
ln -sf /proc/self/fd /root/dev/fd
ifconfig lo up
hostname guest
for word in $(cat /root/proc/cmdline); do
    case "$word" in repository=*) repository="${word#repository=}" ;; python=*) python="${word#python=}" ;; esac
done
chroot /root /bin/sh "$repository/tests/qemu/guest.sh" "$repository" "$python"
sync
echo o >/root/proc/sysrq-trigger
sleep 5
poweroff -f
