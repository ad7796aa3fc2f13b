# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's Contrail config API server.

The parts, each in a file of its own, from the inside out:

* `schema`      kinds, properties, references, parents and children, read from the classes that the
                `contrail-api-client` package carries (`vnc_api.gen`)
* `later_releases`  the little that is known of newer schemas
* `validation`  checks values of properties and of reference attributes against that schema
* `database`    the objects in memory, their indexes, and transactions over them
* `creation`, `links`, `property_collections`, `removal`
                what create requests, references, entry-wise updates and deletes mean for any kind
* `hooks`       what the server does for one kind and not for others, one file a kind
* `subnets`     address ranges and their allocation
* `store`       all of that together: create, read, update, delete, references, dump and restore
* `fresh`       the objects of a server that was never written to (`fresh_store`)
* `selection`   what a list request selects, and in which shape it is answered
* `actions`     what can be asked besides: lookups, reference updates, property collections
* `api`         the HTTP surface (aiohttp), `create_app`
* `segments`    answers in two TCP segments, as the recorded server sends them
* `access`      who is let in, and what he may do: no authentication, Keystone tokens, local administrator

`Store` serves in-process users (the lab's schema transformer and service monitor) and the HTTP surface alike.
Status codes and message texts are those of a running server, its server errors included.
"""

from lab.contrail.errors import ApiError
from lab.contrail.store import Store

__all__ = ["ApiError", "Store"]
