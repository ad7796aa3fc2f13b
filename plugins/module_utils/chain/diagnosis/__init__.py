# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Diagnosis: which link of a chain is the first that does not hold.

``needs`` says what to read of Contrail's objects, ``evidence`` is what was read of everything, ``case`` one chain
before it. The steps look at one link each: ``objects``, ``forwarding`` (what Contrail makes of them) and ``router``,
which finds steering terms by ``terms``. ``steps`` is the table of them in their order, ``verdict`` walks it.
"""
