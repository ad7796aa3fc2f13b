# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ports of the loopback: taken to listen, or kept without listening, so that they refuse connections."""

from __future__ import annotations

import socket

LOOPBACK = "127.0.0.1"


class PortTakenError(RuntimeError):
    """A port that a server needs is in use; the message says which, and what to do."""


def listening(port: int, option: str) -> socket.socket:
    """Return a socket that listens on a port of the loopback, any free one for 0.

    Raises PortTakenError, which names the command line option that chooses another port.
    """
    try:
        return socket.create_server((LOOPBACK, port))
    except OSError as error:
        raise PortTakenError(
            f"port {port} cannot be had ({error.strerror}): another lab may be running; "
            f"stop it, or choose another port with {option} (0: any free one)"
        ) from error


def bound(host: str, port: int) -> socket.socket:
    """Return a socket that keeps a port without listening."""
    one = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    one.bind((host, port))
    return one
