"""The hub's three ports: for learners, for the proxy's own orders, and for the hub itself.

They are kept beside the hub's other files: servers that outlive a hub look for it where it was.
"""

from __future__ import annotations

import json
import os
import socket
from contextlib import suppress
from itertools import count, islice
from pathlib import Path

FIRST = 8000  # where people look for a hub


def ports(folder: Path) -> list[int]:
    """Those of the last time if they are free, or held by the proxy of the last time; else new."""
    kept = folder / "ports.json"
    with suppress(OSError, ValueError):
        found = json.loads(kept.read_text(encoding="utf-8"))
        if _alive(folder / "proxy.pid") or all(map(free, found)):
            return found
    found = list(islice(filter(free, count(FIRST)), 3))
    kept.write_text(json.dumps(found), encoding="utf-8")
    return found


def free(port: int) -> bool:
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _alive(pid: Path) -> bool:
    try:
        os.kill(int(pid.read_text(encoding="ascii")), 0)
    except (OSError, ValueError):
        return False
    return True
