# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue of findings: what checks can find, by where they look. The page "errors and cures" is made from it.

A kind is a constant in the module of its place, named after its code: ``POLICY_NOT_ATTACHED``.
"""
