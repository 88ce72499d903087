"""History files that are packed with gzip: unpacked beside, for as long as they are read.

A file is read more than once, and what a pack comes to is known at its end only: it is unpacked to the disk, no further
than that has room, and no further than readings come to: rows of one meter that says the same all year are a thirteenth
of their size when they are packed, and nothing but one sign is a thousandth.
"""

import gzip
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from ingest.errors import HistoryError

ENDING: Final = ".gz"
SPARED: Final = 1 << 30  # bytes of the disk that are left free
MOST_TIMES: Final = 400  # the size of the packed file, which is no file of readings beyond that
UNSUSPECTED: Final = 64 << 20  # bytes that may be unpacked of any file
_CHUNK: Final = 1 << 20


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """Yield the file itself, or the one that is in a .gz; raises HistoryError where it cannot be unpacked."""
    if path.suffix.lower() != ENDING:
        yield path
        return
    with TemporaryDirectory(prefix="pharos-replay-") as folder:
        plain = Path(folder) / path.stem
        _unpack(path, plain)
        yield plain


def _unpack(path: Path, plain: Path) -> None:
    try:
        most = max(UNSUSPECTED, MOST_TIMES * path.stat().st_size)
        with gzip.open(path) as source, plain.open("wb") as target:
            while chunk := source.read(_CHUNK):
                if target.tell() + len(chunk) > most:
                    raise HistoryError(
                        f"{path}: unpacks to more than {most >> 20} MiB, over {MOST_TIMES} times its size; expected a "
                        "file of readings, which comes to less; nothing was read"
                    )
                if shutil.disk_usage(plain.parent).free < SPARED + len(chunk):
                    raise HistoryError(f"{path}: {plain.parent} has no room for it unpacked; nothing was read")
                target.write(chunk)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise HistoryError(f"{path}: expected gzip, as its name says: {error}; nothing was read") from error
    except OSError as error:
        raise HistoryError(f"{path}: cannot be unpacked: {error.strerror or error}") from error
