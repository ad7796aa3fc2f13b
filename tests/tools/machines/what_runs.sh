#!/bin/sh
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Two lines: which start of nova-compute runs, its process first, and what that process has read (loaded.json). A process
# keeps what it read a moment after its start; until then the file is the work of another one.
if [ -d /etc/kolla ]; then
    engine=$(command -v docker || command -v podman)
    running() { "$engine" inspect --format '{{.State.Pid}} {{.Id}} {{.State.StartedAt}}' nova_compute; }
    loaded() { "$engine" exec nova_compute cat /var/lib/nova/loaded.json; }
else
    running() { systemctl show --property=MainPID --property=InvocationID --value nova-compute | paste --serial; }
    loaded() { cat /var/lib/nova/loaded.json; }
fi
attempts=50
while [ "$attempts" -gt 0 ]; do
    start=$(running 2>/dev/null) && read=$(loaded 2>/dev/null) &&
        case $read in
        *"\"pid\": ${start%%[!0-9]*},"*)
            printf '%s\n%s\n' "$start" "$read"
            exit 0
            ;;
        esac
    attempts=$((attempts - 1))
    sleep 0.1
done
echo "nova-compute did not start, or did not read its configuration" >&2
exit 1
