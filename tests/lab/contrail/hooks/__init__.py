"""Per-kind behaviour of the server: one file a kind, each with a subclass of `KindHooks`."""

from __future__ import annotations

from lab.contrail.hooks.base import KindHooks
from lab.contrail.hooks.virtual_network import VirtualNetworkHooks

HOOKS: dict[str, type[KindHooks]] = {
    "virtual-network": VirtualNetworkHooks,
}


def hooks_of(kind: str) -> type[KindHooks]:
    """Return the hooks of a kind; `KindHooks` itself for a kind without behaviour of its own."""
    return HOOKS.get(kind, KindHooks)
