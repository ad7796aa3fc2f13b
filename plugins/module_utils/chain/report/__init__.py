# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on service chains: what is in it (content), what stands in a picture (scene) and where (layout).

It is written as a page for browsers and printers (page, with pictures as svg), and as markdown.
"""
