"""The lab's router: Junos configuration databases and operational replies behind NETCONF over SSH."""

from .operational import Operational
from .router import Router
from .server import serve

__all__ = ["Operational", "Router", "serve"]
