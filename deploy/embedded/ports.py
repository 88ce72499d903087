"""Which TCP port a part listens on: the wanted one when it is free, else one near it, or any that the system gives."""

import os
import socket
from contextlib import ExitStack

FIRST_UNRESERVED = 1024
NEAR = 100  # how many ports after the wanted one are looked at


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Tell whether ``port`` of ``host`` could be listened on now."""
    with _listener(host) as probe:
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


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
    """Return ``count`` different free ports of ``host``."""
    with ExitStack() as opened:
        probes = [opened.enter_context(_listener(host)) for _ in range(count)]
        for probe in probes:
            probe.bind((host, 0))
        return [int(probe.getsockname()[1]) for probe in probes]


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
