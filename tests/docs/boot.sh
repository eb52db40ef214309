#!/bin/bash
# Boots systemd with one service, in namespaces and a control group of its own, and runs a script there. As root:
#   unshare --mount --pid --fork --uts --ipc --net --kill-child bash boot.sh UNIT PYTHON PROJECT PACKAGES STORE SCRIPT OUTPUT
# UNIT is served as hamakg.service by PYTHON, the folder of an installation, with PROJECT and PACKAGES, a folder of
# installed packages, from a copy of STORE. Nothing outside of the namespaces changes but the file OUTPUT.
set -eu
if [ "${1:-}" != --inside ]; then
  ip link set lo up
  mount --make-rprivate /
  mount -t cgroup2 none /mnt
  group=$(mktemp --directory /mnt/hamakg-boot-XXXXXX)
  echo 1 > "$group/cgroup.procs"
  exec unshare --cgroup bash "$0" --inside "$@"
fi
shift
unit=$1 python=$2 project=$3 packages=$4 store=$5 script=$6 output=$7

mount -t proc proc /proc
umount /mnt && mount -t tmpfs tmpfs /mnt
cd /mnt
cp -r "$unit" hamakg.service
cp -r "$store" store
cp "$script" script
umount -R /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup
for folder in etc opt var; do
  mkdir -p "$folder/changed" "$folder/work"
  mount -t overlay overlay -o "lowerdir=/$folder,upperdir=$PWD/$folder/changed,workdir=$PWD/$folder/work" "/$folder"
done

mkdir -p /opt/python /opt/packages /opt/project /opt/hamakg/.venv/bin
mount --bind "$python" /opt/python
mount --bind "$packages" /opt/packages
mount --bind "$project" /opt/project
printf '#!/opt/python/bin/python3\nfrom hamakg.cli import main\nmain()\n' > /opt/hamakg/.venv/bin/hamakg
chmod +x /opt/hamakg/.venv/bin/hamakg
useradd --system --home-dir /var/lib/hamakg --create-home hamakg
mv store /var/lib/hamakg/store
chown -R hamakg: /var/lib/hamakg
install -d -m 755 /etc/hamakg
install -m 600 /dev/null /etc/hamakg/environment
{
  echo HAMAKG_TOKEN=secret
  echo PYTHONPATH=/opt/project/src:/opt/packages
  echo PYTHONDONTWRITEBYTECODE=1
  echo LD_LIBRARY_PATH=/opt/python/lib # where PYTHON has a library of its own
} > /etc/hamakg/environment

mkdir units
for name in sysinit basic network shutdown umount final exit; do
  printf '[Unit]\nDescription=%s\nDefaultDependencies=no\n' "$name" > "units/$name.target"
done
printf '[Unit]\nDescription=all\nDefaultDependencies=no\nWants=script.service\n' > units/default.target
printf '[Unit]\nDescription=script\nDefaultDependencies=no\n[Service]\nType=oneshot\nExecStart=/bin/bash %s\nStandardOutput=file:%s\nStandardError=inherit\n' \
  "$PWD/script" "$output" > units/script.service
mv hamakg.service units
: > "$output"
mount --bind units /lib/systemd/system
for folder in /etc/systemd/system /lib/systemd/system-generators /run; do mount -t tmpfs tmpfs "$folder"; done
exec env -i container=boot PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system --unit=default.target --show-status=no
