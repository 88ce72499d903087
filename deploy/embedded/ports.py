"""Which TCP port a part listens on: the wanted one when it is free, else one that the system gives."""

import socket


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Tell whether ``port`` of ``host`` could be listened on now."""
    with _listener(host) as probe:
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def choose(wanted: int | None = None, host: str = "127.0.0.1") -> int:
    """Return ``wanted`` when it is free, else any free port of ``host``."""
    if wanted is not None and is_free(wanted, host):
        return wanted
    with _listener(host) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


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
