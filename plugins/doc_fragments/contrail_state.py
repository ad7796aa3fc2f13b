# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options and return values of the Contrail modules that converge objects."""

from __future__ import annotations


class ModuleDocFragment:
    """State, names and ownership of Contrail objects."""

    DOCUMENTATION = r"""
options:
  state:
    description:
      - V(present) makes the objects be there with what is given. An option that is left out is left alone;
        a value that is given is enforced exactly, and an empty list or an empty text empties it. Lists of
        references only ever add, unless O(purge_references) names them.
      - V(absent) deletes the objects, and what the module made for them. Only their names are used. An
        object that does not exist is no change. One that others still use is an error, see O(force).
    type: str
    choices: [present, absent]
    default: present
  domain:
    description:
      - Domain of every name that does not say its own.
    type: str
    default: default-domain
  project:
    description:
      - Project of every name that does not say its own. Names may be written V(NAME), V(PROJECT:NAME) or
        V(DOMAIN:PROJECT:NAME) wherever an object is meant.
    type: str
    default: default-project
  planned:
    description:
      - Objects that an earlier task of the same run would have made, or deleted. In check mode the first count
        as existing when something refers to them, the others no longer use anything; otherwise the option has no
        effect.
    type: list
    elements: dict
    default: []
    suboptions:
      kind:
        description: Kind of the object, as in V(virtual-network).
        type: str
        required: true
      name:
        description: Name of the object.
        type: str
        required: true
      state:
        description: Whether the earlier task would have made the object (V(present)) or deleted it (V(absent)).
        type: str
        choices: [present, absent]
        default: present
        version_added: 1.1.0
  purge_references:
    description:
      - Lists of references that are made exact instead of being added to. The description of each such list
        says so.
      - References that Contrail's daemons would make again are left alone.
    type: list
    elements: str
    default: []
  unset:
    description:
      - Options of O(config) to clear in every item, for values that have no empty form.
    type: list
    elements: str
    default: []
  owner:
    description:
      - With O(state=present), objects that are created carry this text as annotation C(service_chain.owner).
        Objects that exist already are not marked.
      - With O(state=absent), only objects that carry it are deleted. The others are left alone and are
        returned with the action V(kept).
    type: str
  force:
    description:
      - With O(state=absent), delete objects although others use them in a way that the API server does not look at.
        These are names in texts (service instances, networks and policies in the rules of policies, service instances
        in route tables, networks in the interfaces of service instances), ports in the port tuples of a service
        instance, and what is attached to the sides of one.
      - What the API server itself refuses to delete stays refused.
    type: bool
    default: false
    version_added: 1.1.0
"""
