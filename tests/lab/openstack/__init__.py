# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small OpenStack beside the lab's Contrail: what booting a virtual machine and draining a compute node take.

* `data`      what the site file says of it: region, images, flavors
* `projects`  Keystone's projects as Contrail's OpenStack plug-in keeps them in Contrail
* `ports`     Neutron's ports as objects in Contrail, the way Contrail's Neutron plug-in writes them
* `compute`   Nova's services and servers
* `cloud`     all of that together, `Cloud`
* `listing`   what list requests filter by
* `compute_api`, `network_api`, `image_api`   the three HTTP surfaces
* `api`       one application that serves them (aiohttp), `create_openstack`, and `catalog` for Keystone

Requests and answers are those of the public API references; openstacksdk is the judge.
"""
