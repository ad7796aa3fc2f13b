# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Speaking to the Contrail config API.

``transport`` sends one request, over connections (``connection``) that keep a ``deadline``, and reads a ``body`` in
bounded memory; Keystone and introspect are asked with it too. ``reply`` is what came back. ``sending`` chooses the
server, logs in (``login``) and repeats what may be. ``reading`` turns answers into objects, in the few requests
that ``lookup`` plans; ``writing`` brings every write to a known end, with the ``reference_uuids``. ``failures`` has
the words for what fails. ``client`` is all of that for the rest of the collection.
"""
