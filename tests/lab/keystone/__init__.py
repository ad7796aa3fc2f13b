# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small Keystone: enough of the identity API, versions 2.0 and 3, for clients to get tokens.

* `directory`  users, projects, roles, application credentials and the tokens given out
* `server`     the HTTP surface (aiohttp), `create_keystone`
"""
