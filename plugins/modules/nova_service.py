#!/usr/bin/python
# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: nova_service
short_description: Disables nova-compute of a host in nova, and enables it again
version_added: 1.1.0
description:
  - With O(state=disabled) nova gives the host no new servers. Servers that run there are not touched.
  - With O(state=enabled) it does again, if the service is disabled with exactly the reason in O(reason). A service that
    somebody disabled with another reason, or with none, stays disabled.
  - Needs Keystone version 3 and nova's API 2.1, and no OpenStack client. It is run on the control node.
author:
  - OpenContrail service chain maintainers (@opencontrail)
requirements:
  - requests
attributes:
  check_mode:
    description: Reads the service, and reports what a real run would change.
    support: full
  diff_mode:
    description: Shows status and reason before and after.
    support: full
  idempotent:
    description: A second run changes nothing and writes nothing.
    support: full
options:
  cloud:
    description:
      - The OpenStack, written as an entry of a C(clouds.yaml). The user must be allowed to change compute services.
    type: dict
    required: true
    suboptions:
      auth:
        description:
          - How to log in. Needs C(auth_url), and either C(username), C(password) and a project, or an application
            credential.
        type: dict
        suboptions:
          auth_url:
            description: Keystone's address, such as V(https://keystone.example.com:5000/v3).
            type: str
          username:
            description: The user.
            type: str
          password:
            description: The user's password.
            type: str
          project_name:
            description: The project in which the user may change compute services.
            type: str
          project_id:
            description: The project's id, instead of its name.
            type: str
          domain_name:
            description: The domain of user and project, where nothing else is given.
            type: str
          user_domain_name:
            description: The user's domain; C(Default) where nothing is given.
            type: str
          user_domain_id:
            description: The id of the user's domain, instead of its name.
            type: str
          project_domain_name:
            description: The project's domain; C(Default) where nothing is given.
            type: str
          project_domain_id:
            description: The id of the project's domain, instead of its name.
            type: str
          application_credential_id:
            description: The id of an application credential.
            type: str
          application_credential_name:
            description: Its name; then O(cloud.auth.username) is needed as well.
            type: str
          application_credential_secret:
            description: The secret of the application credential.
            type: str
      auth_type:
        description: Accepted as in a C(clouds.yaml); what is given in O(cloud.auth) decides.
        type: str
      region_name:
        description: The region whose nova is meant; the first in the catalogue when left out.
        type: str
      interface:
        description: The endpoint of the catalogue to use.
        type: str
        choices: [public, internal, admin]
        default: public
      validate_certs:
        description: Whether to check the certificates of Keystone and nova.
        type: bool
        default: true
      ca_cert:
        description: A file with the certificate authority to trust.
        type: path
  host:
    description:
      - What nova calls the host (the column Host of C(openstack compute service list)).
    type: str
    required: true
  state:
    description:
      - V(disabled) disables the service if it is enabled; one that is disabled keeps its reason.
      - V(enabled) enables the service if it is disabled with O(reason). First it waits until the service reports to nova, for
        nova takes a service for up for a minute after its last report.
    type: str
    choices: [enabled, disabled]
    required: true
  reason:
    description:
      - The reason that nova shows while the service is disabled. It identifies who disabled the service.
    type: str
    required: true
  timeout:
    description:
      - Seconds to wait until the service reports to nova before it is enabled.
    type: float
    default: 120
  interval:
    description:
      - Seconds between two reads of the service.
    type: float
    default: 2
"""

EXAMPLES = r"""
- name: Give the host no new servers while it is maintained
  opencontrail.service_chain.nova_service:
    cloud:
      auth:
        auth_url: https://keystone.example.com:5000/v3
        username: admin
        password: "{{ vault_openstack_password }}"
        project_name: admin
    host: compute1.example.com
    state: disabled
    reason: new memory on Monday
  delegate_to: localhost

- name: Give it servers again
  opencontrail.service_chain.nova_service:
    cloud: "{{ openstack_cloud }}"
    host: compute1.example.com
    state: enabled
    reason: new memory on Monday
  delegate_to: localhost
"""

RETURN = r"""
service:
  description: The service as nova lists it; in check mode, as it would be.
  returned: success
  type: dict
  sample:
    host: compute1.example.com
    status: disabled
    state: up
    disabled_reason: new memory on Monday
    updated_at: "2026-12-01T05:00:00.000000"
disabled_by_reason:
  description: Whether the service is disabled with exactly the reason in O(reason) when the task ends.
  returned: always
  type: bool
  sample: true
"""

from ansible_collections.opencontrail.service_chain.plugins.module_utils.site.compute_service import main

if __name__ == "__main__":
    main()
