"""The key of pseudonyms in quarantine: a file for its owner only, which may be destroyed at any time.

Without it nobody can tell whose a word is. A new one is made when one is needed next, and whoever runs uses it at once.
"""

import os
from collections.abc import Callable
from pathlib import Path
from secrets import token_bytes
from typing import Final

from ingest.pseudonyms import Pseudonyms

KEY_BYTES: Final = 32
FILE: Final = "pseudonym-key"

UNKEPT: Final = Pseudonyms(token_bytes(KEY_BYTES))
"""By a key that this process alone knows, and nobody after it."""


def unkept() -> Pseudonyms:
    """Return pseudonyms whose key ends with the process."""
    return UNKEPT


def kept(path: Path) -> Callable[[], Pseudonyms]:
    """Return what returns the pseudonyms by the key in ``path`` as it is then; one is made where there is none.

    Where none can be kept, it is one that nobody keeps.
    """

    def read() -> Pseudonyms:
        try:
            return Pseudonyms(_key(path))
        except OSError:
            return UNKEPT

    return read


def destroy(path: Path) -> bool:
    """Overwrite and remove the key; tells whether there was one. What a disk or a backup has of it is not reached."""
    try:
        with path.open("r+b") as file:
            file.write(token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
    except FileNotFoundError:
        return False
    path.unlink(missing_ok=True)
    return True


def _key(path: Path) -> bytes:
    try:
        found = path.read_bytes()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        made, new = token_bytes(KEY_BYTES), path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(made)
        try:
            os.link(new, path)  # whoever made one first, it is the key
        except FileExistsError:
            pass
        finally:
            new.unlink()
        found = path.read_bytes()
    if len(found) != KEY_BYTES:
        raise OSError(f"{path} is no key of pseudonyms; expected {KEY_BYTES} bytes")
    return found
