# Tells what the module host_routes has to know of a Linux host. Reads only, and asks nothing that waits.
#     sh -c THIS look NAME [NEXT_HOP[%INTERFACE] ...]
# NAME is part of the names of our own files. Each section of the output begins with a line "@@ WHAT".
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
LC_ALL=C
export PATH LC_ALL
name=$1
shift
has() { command -v "$1" >/dev/null 2>&1; }

echo "@@ user"
id -u
echo "@@ tools"
for tool in ip sysctl systemctl netplan; do
  has "$tool" && echo "$tool"
done
echo "@@ systemd"
# Not /run/systemd/system alone: netplan makes it on hosts where something else is the first process.
[ -d /run/systemd/system ] && [ -S /run/systemd/private ] && systemctl --version 2>/dev/null | sed -n 's/^systemd \([0-9]*\).*/\1/p'

if has ip; then
  echo "@@ links"
  ip -o link show
  echo "@@ routes"
  ip -4 route show
  ip -6 route show 2>/dev/null
  for hop in "$@"; do
    echo "@@ hop $hop"
    case $hop in
      *%*) ip route get "${hop%%%*}" oif "${hop#*%}" 2>&1 ;;
      *) ip route get "$hop" 2>&1 ;;
    esac
  done
fi

# Who manages an interface: the state of those that run, for files alone may be left from what ran before.
echo "@@ networkd"
for state in /run/systemd/netif/links/*; do
  [ -f "$state" ] || continue
  sed -n -e "s#^ADMIN_STATE=#${state##*/} ADMIN_STATE #p" -e "s#^NETWORK_FILE=#${state##*/} NETWORK_FILE #p" "$state"
done
echo "@@ networkmanager"
has nmcli && nmcli -t -f DEVICE,STATE,CONNECTION device 2>/dev/null
echo "@@ netplan"
if has netplan; then
  {
    sed -n 's|^NETWORK_FILE=.*/10-netplan-\(.*\)\.network$|\1|p' /run/systemd/netif/links/* 2>/dev/null
    has nmcli && nmcli -t -f CONNECTION device 2>/dev/null | sed -n 's|^netplan-||p'
  } | sort -u | while read -r id; do
    key=$(printf '%s' "$id" | sed 's/\./\\./g')
    for kind in ethernets bonds bridges vlans tunnels vrfs dummy-devices; do
      found=$(netplan get "$kind.$key" 2>/dev/null)
      [ -n "$found" ] && [ "$found" != null ] && echo "$id $kind" && break
    done
  done
fi
echo "@@ ifupdown"
for state in /run/network/ifstate /var/run/ifstate; do
  [ -f "$state" ] && cat "$state" && break
done

for own in "/etc/netplan/90-$name-"*.yaml "/etc/systemd/network/"*".network.d/90-$name.conf" \
  "/etc/NetworkManager/dispatcher.d/90-$name-"* "/etc/network/if-up.d/$name-"* \
  "/etc/systemd/system/$name-routes-"*.service "/run/$name/routes-"* \
  "/etc/sysctl.d/99-zz-$name.conf" "/run/sysctl.d/99-zz-$name.conf"; do
  [ -f "$own" ] || continue
  echo "@@ file $own"
  cat "$own"
  # shellcheck disable=SC2012 # it is only counted
  echo "@@ entries ${own%/*}" && ls -A "${own%/*}" | wc -l
  case $own in
    *.service) echo "@@ unit ${own##*/}" && systemctl is-enabled "${own##*/}" 2>/dev/null ;;
  esac
done

echo "@@ settings"
for setting in net/ipv4/ip_forward net/ipv6/conf/all/forwarding; do
  [ -f "/proc/sys/$setting" ] && echo "$setting $(cat "/proc/sys/$setting")"
done
for setting in /proc/sys/net/ipv6/conf/*/accept_ra /proc/sys/net/ipv4/conf/*/rp_filter; do
  [ -f "$setting" ] && echo "${setting#/proc/sys/} $(cat "$setting")"
done
echo "@@ kept settings"
for file in /usr/lib/sysctl.d/*.conf /lib/sysctl.d/*.conf /run/sysctl.d/*.conf /etc/sysctl.d/*.conf /etc/sysctl.conf; do
  case $file in
    */99-zz-"$name".conf) ;;
    *) [ -f "$file" ] && sed -n 's|^[[:space:]]*-\{0,1\}\(net[./]ip[^ =]*\)[[:space:]]*=[[:space:]]*\([^[:space:]]*\).*|\1 \2|p' "$file" ;;
  esac
done
exit 0
