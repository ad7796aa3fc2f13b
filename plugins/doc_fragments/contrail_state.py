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
        object that does not exist is no change.
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
      - Objects that an earlier task of the same run would have made. In check mode they count as existing
        when something refers to them; otherwise the option has no effect.
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
  purge_references:
    description:
      - Lists of references that are made exact instead of being added to. The description of each such list
        says so.
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
"""
