"""A file that is being written, and its digest."""

from hashlib import sha256
from typing import IO


class Hashed:
    """Passes on what is written, and knows how much it was and its SHA-256."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self._digest = sha256()
        self.size = 0

    @property
    def digest(self) -> str:
        """The SHA-256 of what was written so far, in hexadecimal."""
        return self._digest.hexdigest()

    def write(self, data: bytes, /) -> int:
        """Write bytes, and return how many."""
        self._digest.update(data)
        self.size += len(data)
        return self._target.write(data)
