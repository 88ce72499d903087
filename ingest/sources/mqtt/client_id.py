"""The MQTT client id of a subscription: stable, so that the broker keeps its queue; secret, as the key to it.

Whoever connects with it and a clean session erases the queue (sessions are not bound to users), so nobody may guess it.
"""

import os
from pathlib import Path
from secrets import token_hex

_OWNER_ONLY = 0o600


def client_id(folder: Path, purpose: str) -> str:
    """Return the client id kept in ``folder`` for ``purpose``, making a random one the first time."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"mqtt-client-{purpose}"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    except FileExistsError:
        if kept := path.read_text(encoding="ascii").strip():
            return kept
        path.unlink()  # a start was killed between making the file and writing to it
        return client_id(folder, purpose)
    made = f"pharos-{purpose}-{token_hex(16)}"
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(made)
        file.flush()
        os.fsync(file.fileno())
    return made
