"""Files of a deployment that its containers read: by owner and group, by nobody else."""

import os
from pathlib import Path
from typing import Final

MODE: Final = 0o640


def write_shared(path: Path, text: str) -> None:
    """Replace ``path`` by a file with ``text``, in the group of its folder; a reader sees the old or the new one."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(text, encoding="utf-8")
    folder = path.parent.stat()
    if os.geteuid() == 0:
        os.chown(fresh, folder.st_uid, folder.st_gid)
    elif fresh.stat().st_gid != folder.st_gid:
        os.chown(fresh, -1, folder.st_gid)
    fresh.chmod(MODE)
    fresh.replace(path)
