"""Which TCP port a part listens on: the wanted one when it is free, else one near it, or any from a range of its own.

The range lies below the one from which the system numbers outgoing connections: a port from there may belong to
somebody's connection when a part that was killed wants it back.
"""

import errno
import os
import random
import socket
from collections.abc import Iterator
from functools import cache
from itertools import cycle, islice
from pathlib import Path

FIRST_UNRESERVED = 1024
NEAR = 100  # how many ports after the wanted one are looked at
OURS = range(20_000, 32_768)
EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Tell whether ``port`` of ``host`` could be listened on now."""
    try:
        return _bindable(port, host)
    except OSError:
        return False


def choose(wanted: int | None = None, host: str = "127.0.0.1") -> int:
    """Return ``wanted`` when it is free, else any free port of ``host``; OSError when it is no host of ours."""
    return wanted if wanted is not None and is_free(wanted, host) else several(1, host)[0]


def near(wanted: int, host: str) -> int:
    """Return ``wanted`` when it is free, else the next free one; OSError when ``host`` is no host of ours."""
    following = range(wanted, min(wanted + NEAR, 65536))
    return next((port for port in following if is_free(port, host)), 0) or choose(None, host)


def is_reserved(port: int) -> bool:
    """Tell whether only root may listen on ``port`` here, and we are not."""
    return port < FIRST_UNRESERVED and os.geteuid() != 0


def several(count: int, host: str = "127.0.0.1") -> list[int]:
    """Return ``count`` different free ports of ``host`` that no outgoing connection takes; OSError without them.

    In random order, so that stacks that start at the same time do not meet; a port that this process was given comes
    again only after all others, since its server may not listen yet.
    """
    candidates = _lasting()
    free = (port for port in islice(_turns(), len(candidates)) if _bindable(port, host))
    found = list(islice(free, count))
    if len(found) < count:
        raise OSError(errno.EADDRINUSE, f"no {count} free ports from {candidates[0]} to {candidates[-1]} on {host}")
    return found


def answers(address: tuple[str, int]) -> bool:
    """Tell whether anything accepts a TCP connection at ``address``."""
    try:
        with socket.create_connection(address, timeout=1.0):
            return True
    except OSError:
        return False


def _listener(host: str) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    # What a server does: a port whose last connections are still closing is free.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return listener


def _bindable(port: int, host: str) -> bool:
    """Tell whether ``port`` can be had; OSError when ``host`` is no host of ours."""
    with _listener(host) as probe:
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                return False
            raise
        return True


@cache
def _turns() -> Iterator[int]:
    """Return our ports again and again, in an order that no seed decides: two processes may have the same one."""
    candidates = _lasting()
    return cycle(random.SystemRandom().sample(candidates, len(candidates)))


@cache
def _lasting() -> range:
    """Return our range, less what the system gives to outgoing connections where it says so."""
    try:
        first, last = map(int, EPHEMERAL.read_text().split())
    except (OSError, ValueError):
        return OURS
    below = range(OURS.start, min(OURS.stop, first))
    return below if len(below) >= NEAR else range(last + 1, 65_536) if 65_535 - last >= NEAR else OURS
