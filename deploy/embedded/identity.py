"""Under whose identity a program runs: PostgreSQL and Mosquitto refuse or give up root, so root must lend them another.

Two ways, the first that works here: a user namespace in which root is called 1000 (files stay root's, nothing to
hand over; containers may forbid it), or the account ``nobody`` (its folders are handed over, and every folder above
them must be open to it).
"""

import os
import pwd
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from deploy.errors import PrivilegeError

MAPPED = ("--user", "--map-user=1000", "--map-group=1000")


@dataclass(frozen=True)
class Identity:
    """How to run a program: a command in front of it, or another user and group (None: as we run ourselves)."""

    prefix: tuple[str, ...] = ()
    user: int | None = None
    group: int | None = None

    @property
    def extra_groups(self) -> list[int] | None:
        """Supplementary groups of the program: none at all under another user."""
        return None if self.user is None else []

    def take_over(self, folder: Path) -> None:
        """Hand ``folder`` and what it holds to this identity; raise PrivilegeError when it could not get there."""
        if os.geteuid() != 0:
            return
        user, group = (0, 0) if self.user is None or self.group is None else (self.user, self.group)
        for path in (folder, *folder.rglob("*")):
            with suppress(FileNotFoundError):  # a program that runs already takes files of its own away
                if path.lstat().st_uid != user:
                    os.chown(path, user, group, follow_symlinks=False)
        self.require_access(folder)

    def require_access(self, path: Path) -> None:
        """Raise PrivilegeError naming the first folder above ``path`` that this identity may not enter."""
        if self.user is None:
            return
        for parent in reversed(path.resolve().parents):
            status = parent.stat()
            owned = status.st_uid == self.user and status.st_mode & 0o100
            if not (owned or status.st_mode & 0o001):
                raise PrivilegeError(
                    f"{path} cannot be used: its parent folder {parent} is closed to the account "
                    f"{pwd.getpwuid(self.user).pw_name}, under which the program must run because it refuses to run "
                    f"as root. Start Pharos as an ordinary user, choose another folder, or open it: chmod o+x {parent}"
                )


AS_STARTED = Identity()


@cache
def unprivileged() -> Identity:
    """Return an identity that is not root: our own when we are not, else mapped, else the account ``nobody``."""
    if os.geteuid() != 0:
        return AS_STARTED
    return mapped() or nobody()


def mapped() -> Identity | None:
    """Return root under another number in a user namespace, or None where that is not allowed."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return None
    probe = [unshare, *MAPPED, "id", "-u"]
    answer = subprocess.run(probe, capture_output=True, text=True, check=False)  # noqa: S603 - constant command
    return Identity(prefix=(unshare, *MAPPED)) if answer.stdout.strip() == "1000" else None


def nobody() -> Identity:
    """Return the account ``nobody``; raise PrivilegeError where there is none."""
    try:
        account = pwd.getpwnam("nobody")
    except KeyError:
        raise PrivilegeError(
            "PostgreSQL refuses to run as root, user namespaces are not allowed here and there is no account "
            "'nobody' to run it under. Start Pharos as an ordinary user."
        ) from None
    return Identity(user=account.pw_uid, group=account.pw_gid)
