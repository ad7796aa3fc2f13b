# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of values of the field, each defined once: what it takes, and the message for what it does not.

The ground floor: ``chain``, ``contrail`` and ``vmx`` import it, and it imports nothing of the collection. Each
function takes the text that was given and returns it in its one normal form, or raises :class:`ValueError` with a
text that names the value and the cure.
"""
