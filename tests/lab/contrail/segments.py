# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers in two segments, as the recorded server sends them.

Its HTTP server writes headers and body apart and leaves Nagle's algorithm on: the body waits until the client's
kernel has acknowledged the headers, which it delays by 40 ms on a kept-alive connection unless it was told not
to. Whoever measures clients wants this; for all others it is only slow.
"""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable

from aiohttp import web


@web.middleware
async def in_two_segments(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Send the first byte of a body along with the headers, and the rest after it."""
    answer = await handler(request)
    body = answer.body if isinstance(answer, web.Response) else None
    if not isinstance(body, bytes) or len(body) < 2 or request.transport is None:
        return answer
    connection = request.transport.get_extra_info("socket")
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 0)
    headers = {**answer.headers, "Content-Length": str(len(body))}
    parts = web.StreamResponse(status=answer.status, reason=answer.reason, headers=headers)
    await parts.prepare(request)
    await parts.write(body[:1])
    await parts.write(body[1:])
    await parts.write_eof()
    return parts
