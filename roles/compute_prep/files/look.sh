# Tells the filter compute_plan how nova runs on a compute host. Reads only.
#     sh -c THIS look KOLLA_DIRECTORY NOVA_DIRECTORY NOVA_CONF CONTAINER CONTAINER_FILE LIBVIRT_CONTAINER ENGINES UNITS MARKER
# ENGINES and UNITS are names with blanks between, NOVA_CONF may be empty. Each line of the output is a word and fields in
# base64, so that any file and any message passes as it is.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin
LC_ALL=C
export PATH LC_ALL
kolla=$1 nova=$2 nova_conf=$3 container=$4 container_file=$5 libvirt=$6 engines=$7 units=$8 marker=$9

encode() { base64 | tr -d '\n'; }
# say WORD [FIELD ...]
say() {
  printf %s "$1"
  shift
  for field; do
    printf ' '
    printf %s "$field" | encode
  done
  echo
}
# try WORD NAME COMMAND...: how a command ends, and what it prints or, where it fails, complains. One that hangs is ended.
try() {
  word=$1 name=$2
  shift 2
  output=$(timeout 30 "$@" 2>/dev/null </dev/null)
  status=$?
  [ "$status" = 0 ] || output=$(timeout 30 "$@" 2>&1 >/dev/null </dev/null)
  say "$word" "$name" "$status" "$output"
}
file() {
  about=
  if [ ! -e "$1" ]; then
    state=missing
  elif [ ! -f "$1" ]; then
    state=other
  elif [ ! -r "$1" ]; then
    state=unreadable
  else
    about=$(stat -L -c '%a %Y' "$1")
    state=read-only
    [ -w "$1" ] && [ -w "$(dirname "$(readlink -f "$1")")" ] && state=writable
  fi
  printf '%s ' "$(say file "$1" "$state" "$about")"
  [ -z "$about" ] || encode <"$1"
  echo
}

say user "$(id -u)"
say machine "$(uname -m)"
[ -c /dev/kvm ] && say kvm
grep -Ewq 'vmx|svm' /proc/cpuinfo && say virtualization
[ -e "$marker" ] && say pending

file "$kolla/nova.conf"
file "$nova/nova-compute.conf"
file "$nova/nova.conf"
[ -z "$nova_conf" ] || file "$nova_conf"
# files_in DIRECTORY: those that nova reads there.
files_in() {
  for own in "$1"/*.conf; do
    [ ! -e "$own" ] || file "$own"
  done
}
files_in "$nova/nova.conf.d"
files_in "$nova/nova-compute.conf.d"
for own in "$(dirname "$kolla")"/*/; do
  [ -d "$own" ] && say kolla "$(basename "$own")"
done

# Deployments that write nova.conf themselves, by what only they leave on a host.
# deployer NAME PATH...: say so where one of the paths is there.
deployer() {
  name=$1
  shift
  for own; do
    [ -e "$own" ] && say deployer "$name" && break
  done
}
deployer tripleo /var/lib/config-data/puppet-generated/nova_libvirt
deployer dataplane /var/lib/openstack/config/nova
deployer helm /var/lib/kubelet/pods/*/containers/nova-compute*
deployer juju /var/lib/juju/agents/unit-*nova-compute*
deployer sunbeam /var/snap/openstack-hypervisor

inside=
for engine in $engines; do
  command -v "$engine" >/dev/null 2>&1 || continue
  try engine "$engine" "$engine" inspect --type container "$container"
  [ "$status" = 0 ] || continue
  # The files that its mounts may have for it, wherever those are on the host.
  for mount in $(timeout 30 "$engine" inspect --type container --format '{{range .Mounts}}{{.Destination}}={{.Source}} {{end}}' \
    "$container" 2>/dev/null </dev/null); do
    case $mount in
      /var/lib/kolla/config_files=*) file "${mount#*=}/nova.conf" ;;
      /var/lib/kolla/config_files/src=*) file "${mount#*=}/etc/nova/nova.conf" ;;
    esac
  done
  running=$(timeout 30 "$engine" inspect --type container --format '{{.State.Running}}' "$container" 2>/dev/null </dev/null)
  [ "$running" = true ] || continue
  inside=$engine
  try inside "$container_file" "$engine" exec "$container" cat "$container_file"
  break
done

if command -v systemctl >/dev/null 2>&1; then
  for unit in $units; do
    [ "$(systemctl show --property LoadState "$unit" 2>/dev/null)" = LoadState=loaded ] || continue
    process=$(systemctl show --property MainPID "$unit" | cut -d= -f2)
    started=$(systemctl show --property ActiveEnterTimestamp "$unit" | cut -d= -f2)
    say unit "$unit" "$(systemctl show --property ActiveState "$unit" | cut -d= -f2)" \
      "$([ -z "$started" ] || date -d "$started" +%s 2>/dev/null)" \
      "$([ ! -r "/proc/$process/cmdline" ] || tr '\0' '\n' <"/proc/$process/cmdline")"
    [ ! -r "/proc/$process/cmdline" ] || tr '\0' '\n' <"/proc/$process/cmdline" |
      sed -n -e 's/^--config-dir=//p' -e '/^--config-dir$/{n;p;}' | while read -r directory; do
      files_in "${directory%/}"
    done
  done
fi

# virsh, in kolla's container of libvirt where nova runs in one, else on the host.
virsh=
if [ -n "$inside" ]; then
  timeout 30 "$inside" exec "$libvirt" virsh --version >/dev/null 2>&1 </dev/null && virsh="$inside exec $libvirt virsh"
elif command -v virsh >/dev/null 2>&1; then
  virsh=virsh
fi
if [ -n "$virsh" ]; then
  for type in qemu kvm; do
    try domain "$type" $virsh -c qemu:///system domcapabilities --virttype "$type"
  done
  for guest in $(timeout 30 $virsh -c qemu:///system list --uuid 2>/dev/null </dev/null); do
    say guest "$(timeout 30 $virsh -c qemu:///system dumpxml "$guest" 2>/dev/null </dev/null |
      sed -n "s/^<domain .*type=['\"]\([a-z]*\)['\"].*/\1/p")"
  done
fi
exit 0
