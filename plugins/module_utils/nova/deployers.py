# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deployments that own nova.conf themselves: how to recognise them, and where their operators change it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Deployer:
    """A deployment that writes nova.conf on compute hosts.

    ``what`` says how nova-compute runs there; ``instead`` what to change in place of the file, with ``{virt_type}``
    and ``{cpu_mode}``. ``reads_file``: nova-compute reads a file of the host that the role can write, and that the
    deployment writes anew some day. ``is_chosen``: the role's variables must name that file, so whoever does has
    decided to write it.
    """

    what: str
    instead: str
    reads_file: bool = False
    is_chosen: bool = False

    def advice(self, virt_type: str, cpu_mode: str) -> str:
        """Return what to change in place of the file."""
        return self.instead.format(virt_type=virt_type, cpu_mode=cpu_mode)


# By the word of look.sh.
DEPLOYERS = {
    "tripleo": Deployer(
        "TripleO (Red Hat OpenStack Platform) writes its nova.conf",
        "set NovaComputeLibvirtType: {virt_type} and NovaLibvirtCPUMode: {cpu_mode} in an environment file of the "
        "overcloud",
        reads_file=True,
        is_chosen=True,
    ),
    "juju": Deployer(
        "the Juju charm nova-compute writes its nova.conf",
        "run `juju config nova-compute virt-type={virt_type} cpu-mode={cpu_mode}`",
        reads_file=True,
    ),
    "helm": Deployer(
        "nova-compute runs in a pod of OpenStack-Helm",
        "set conf.nova.libvirt.virt_type: {virt_type} and conf.nova.libvirt.cpu_mode: {cpu_mode} in the values of the "
        "chart nova, and upgrade the release",
    ),
    "dataplane": Deployer(
        "Red Hat OpenStack Services on OpenShift deploys nova-compute",
        "put [libvirt] virt_type={virt_type} and cpu_mode={cpu_mode} into a ConfigMap of the data plane's service "
        "nova, and deploy the node set again",
    ),
    "sunbeam": Deployer(
        "nova-compute runs in the snap openstack-hypervisor",
        "run `snap set openstack-hypervisor compute.virt-type={virt_type} compute.cpu-mode={cpu_mode}`",
    ),
}
