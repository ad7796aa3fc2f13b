# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Preflight: what is wrong with an intent, by itself and against a live controller and live routers, before anything is
written.

Every check is a generator of findings over facts that were read before; nothing here reads or writes.
"""
