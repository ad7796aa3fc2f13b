# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading the introspect pages of Contrail's daemons.

``sandesh`` turns a page into data, ``records`` says which fields matter, ``pages`` is the list of requests that are
allowed (GET requests of daemons can change their state), ``wire`` sends one request, ``reader`` asks the daemons.
"""
