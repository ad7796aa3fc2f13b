# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Speaking to the Contrail config API.

``transport`` sends one request, ``reply`` is what came back, ``login`` gets tokens, ``lookup`` says how many objects
are found in few requests, ``client`` reads and writes objects.
"""
