# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Options that say how a module reaches a router."""

    DOCUMENTATION = r"""
options:
  host:
    description:
      - Name or address of the router.
      - Left out, it is the inventory's C(ansible_host), then the environment variable E(VMX_HOST), then the name of the
        host in the inventory.
    type: str
  port:
    description:
      - TCP port on which the router serves NETCONF over SSH.
      - Left out, it is C(ansible_port), then E(VMX_PORT).
    type: int
    default: 830
  user:
    description:
      - Login of the router.
      - Left out, it is C(ansible_user), then C(remote_user) of the play, then E(VMX_USER), then what C(~/.ssh/config) says.
    type: str
  password:
    description:
      - Password of the login, or pass phrase of the private key. A router that asks for it by a prompt
        (keyboard-interactive) is given it as well.
      - Left out, it is C(ansible_password) or C(ansible_ssh_pass), then E(VMX_PASSWORD).
      - With neither password nor key the keys of the SSH agent and of C(~/.ssh) are tried.
    type: str
  ssh_private_key_file:
    description:
      - File with the private key of the login, in the form of OpenSSH or PEM (RSA, ECDSA or Ed25519).
      - Left out, it is C(ansible_ssh_private_key_file), then E(VMX_SSH_PRIVATE_KEY_FILE).
    type: path
  known_hosts_file:
    description:
      - File with the keys of routers that are trusted, in the form of OpenSSH's C(known_hosts), and understood as there;
        hashed names, patterns and C(@revoked) count, damaged lines are passed over, host certificates are not supported.
      - Left out, it is the inventory's C(vmx_known_hosts_file), then E(VMX_KNOWN_HOSTS_FILE), then what
        C(~/.ssh/config) says, then C(~/.ssh/known_hosts) and C(/etc/ssh/ssh_known_hosts).
    type: path
  host_key_checking:
    description:
      - Whether to refuse a router whose host key is not known or has changed. The key is checked before the login.
      - Left out, it is the inventory's C(vmx_host_key_checking), then E(VMX_HOST_KEY_CHECKING).
    type: bool
    default: true
  timeout:
    description:
      - Seconds to wait for the reply to one request; a commit of a large configuration takes its time.
      - A commit whose reply does not come is looked up in the router's commit history.
      - Left out, it is E(VMX_TIMEOUT).
    type: int
    default: 120
  connect_timeout:
    description:
      - Seconds for the whole way to an open session, which are the TCP connection, the SSH key exchange, the login and
        the exchange of NETCONF hellos. The message says at which of them the router stopped.
      - Left out, it is E(VMX_CONNECT_TIMEOUT).
    type: int
    default: 30
requirements:
  - junos-eznc >= 2.7.4
  - jxmlease
  - lxml >= 5
  - ncclient < 0.8
  - paramiko >= 3.5
notes:
  - The module runs on the controller, with the Python of ansible-playbook itself and without become, whatever the
    connection of the host is. So a play with C(hosts) set to the routers needs nothing else.
  - Every option can be set once for all modules of the action group, with C(module_defaults) and
    C(group/opencontrail.service_chain.vmx).
  - C(~/.ssh/config) is followed for C(HostName), C(User), C(IdentityFile), C(IdentitiesOnly), C(ProxyCommand),
    C(BindAddress), C(HostKeyAlias), C(UserKnownHostsFile), C(GlobalKnownHostsFile) and C(Include).
  - A reply of more than 64 MiB is refused; ask for less at once, such as the tables by name.
  - The router must serve NETCONF (C(set system services netconf ssh)).
"""
