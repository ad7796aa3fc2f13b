# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that every Contrail module has for its connection."""

from __future__ import annotations


class ModuleDocFragment:
    """The connection to the Contrail config API."""

    DOCUMENTATION = r"""
options:
  api_url:
    description:
      - URL of the Contrail config API, as in V(http://172.31.4.76:8082).
      - Several URLs are several servers of one controller. The first that answers is used, the next one
        when it stops answering.
      - If it is not given, the environment variable E(CONTRAIL_API_URL) is used, with commas between
        several URLs.
    type: list
    elements: str
    required: true
  auth:
    description:
      - How to log in.
      - V(none) sends no credentials.
      - V(basic) sends O(username) and O(password) with each request, which the API server's local
        administration port (8095) takes.
      - V(keystone) gets a token from O(auth_url), with O(username) and O(password) or with an application
        credential, or uses O(token).
    type: str
    choices: [none, basic, keystone]
    default: none
  username:
    description:
      - Name of the user.
      - If it is not given, the environment variable E(OS_USERNAME) is used.
    type: str
  password:
    description:
      - Password of the user.
      - If it is not given, the environment variable E(OS_PASSWORD) is used.
    type: str
  project_name:
    description:
      - Project (tenant) that the token is for. Objects belong to O(project) nevertheless.
      - If it is not given, the environment variable E(OS_PROJECT_NAME) is used, else E(OS_TENANT_NAME), as the files
        of releases of OpenStack with version 2 of Keystone set it.
    type: str
  user_domain_name:
    description:
      - Keystone domain of the user. Not used with version 2 of the identity API.
      - If it is not given, the environment variable E(OS_USER_DOMAIN_NAME) is used.
    type: str
    default: Default
  project_domain_name:
    description:
      - Keystone domain of the project. Not used with version 2 of the identity API.
      - If it is not given, the environment variable E(OS_PROJECT_DOMAIN_NAME) is used.
    type: str
    default: Default
  auth_url:
    description:
      - URL of Keystone, as in V(http://172.31.4.76:5000/v3). A URL that ends in V(/v2.0) selects version 2,
        any other version 3.
      - If it is not given, the environment variable E(OS_AUTH_URL) is used.
    type: str
  token:
    description:
      - A Keystone token that exists already. It is used instead of logging in.
      - If it is not given, the environment variable E(OS_TOKEN) is used.
    type: str
  application_credential_id:
    description:
      - Id of an application credential, used instead of O(username) and O(password) (version 3 only).
      - If it is not given, the environment variable E(OS_APPLICATION_CREDENTIAL_ID) is used.
    type: str
  application_credential_secret:
    description:
      - Secret of the application credential.
      - If it is not given, the environment variable E(OS_APPLICATION_CREDENTIAL_SECRET) is used.
    type: str
  ca_file:
    description:
      - File with the certificates of the authorities that sign the servers' certificates. Without it those
        of the system are used.
    type: path
  client_cert:
    description:
      - File with the certificate that this client shows to the server.
    type: path
  client_key:
    description:
      - File with the key of O(client_cert). Without it the key is in the same file.
    type: path
  validate_certs:
    description:
      - Whether the servers' certificates are checked.
    type: bool
    default: true
  timeout:
    description:
      - Seconds that one request may take in all, from connecting to the last byte of the answer, with a server of the API
        and with Keystone alike. A server that sends a little from time to time cannot draw it out.
      - A server that sent nothing at all in that time is asked once more, then the next of O(api_url) is. The error says
        at which stage the time was up.
    type: int
    default: 60
  reply_limit:
    description:
      - Megabytes of one answer that are read at the most, counted after unpacking. A longer one is an error.
      - More is needed only where single objects are very large, as networks with tens of thousands of addresses.
    type: int
    default: 64
  parallel:
    description:
      - So many requests are under way at a time, at the most.
    type: int
    default: 8
requirements:
  - requests >= 2.32.4
  - urllib3 >= 2.6
notes:
  - The module runs where the play's connection leads; give C(connection) V(local) or delegate to
    V(localhost).
  - What is safe to repeat is repeated when a server does not answer, answers 502, 503 or 504, or refuses an
    expired token. A creation is repeated only after a look whether it happened. Other errors are never
    repeated.
  - An answer that is cut, empty, a page of HTML or anything else than what the config API sends is an error and never
    counts as an empty list.
  - Redirects are not followed, so that a token never reaches another server.
"""
