#!/bin/sh
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Boots a lab host inside the fresh user, network, mount and UTS namespaces that it was started in:
#     boot.sh DIRECTORY NAME [INTERFACE=ADDRESS/LENGTH ...] [-- SYSCTL=VALUE ...]
# DIRECTORY holds etc/ (what the host has of its own in /etc) and work/ (the overlay's scratch space).
# Says "ready" on standard output, then lives until standard input ends: with the lab.
set -eu

directory=$1
name=$2
shift 2

hostname "$name"
mount -t overlay overlay \
  -o "lowerdir=/etc,upperdir=$directory/etc,workdir=$directory/work,userxattr" /etc

# The real machine's services are out of reach, its files cannot be written; the host's directory can.
mount --bind "$directory" "$directory"
for system in /boot /home /opt /root /srv /usr /var; do
  [ -d "$system" ] && [ ! -L "$system" ] || continue
  mount --rbind "$system" "$system"
  for flags in "" ,nosuid ,nodev ,nosuid,nodev ,nosuid,nodev,noexec; do
    mount -o "remount,bind,ro$flags" "$system" 2>/dev/null && break
  done
done
for scratch in /run /var/tmp; do
  case $directory in
    "$scratch"/*) ;;
    *) mount -t tmpfs tmpfs "$scratch" ;;
  esac
done

ip link set lo up
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  interface=${1%%=*}
  ip link add "$interface" type veth peer name "$interface-peer"
  ip addr add "${1#*=}" dev "$interface"
  ip link set "$interface-peer" up
  ip link set "$interface" up
  shift
done
[ $# -eq 0 ] || shift
for setting in "$@"; do
  sysctl -q -w "$setting"
done

echo ready
exec cat >/dev/null
