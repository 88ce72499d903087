"""Keeping an archive: its log received, base backups made when they are due, what no moment needs removed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import psycopg

from deploy.embedded.server_programs import ServerPrograms
from deploy.errors import BackupError
from deploy.postgres.archive import Archive
from deploy.postgres.daily import Stopping

LOOK_SECONDS: Final = 5.0
RETRY_SECONDS: Final = 300.0


@dataclass(frozen=True)
class Keeping:
    """How often there is a base backup, and how far back any moment can be restored, in days."""

    base_days: int
    keep_days: int


def run(  # noqa: PLR0913 - each is one thing of the outside
    archive: Archive,
    url: str,
    programs: ServerPrograms,
    keeping: Keeping,
    *,
    stop: Stopping,
    announce: Callable[[str], None],
) -> None:
    """Keep the archive until asked to stop; raises BackupError where the log is not received any more."""
    archive.make()
    retried = datetime.min.replace(tzinfo=UTC)
    with archive.receiving(url, programs) as receiver:
        while not stop:
            if (code := receiver.poll()) is not None:
                raise BackupError(f"pg_receivewal ended with {code}; what it said stands above")
            now = datetime.now(UTC)
            if archive.is_due(timedelta(days=keeping.base_days), now) and now >= retried:
                try:
                    base = archive.take_base(url, programs, lambda: datetime.now(UTC))
                    removed = archive.expire(keeping.keep_days, programs, now)
                    announce(f"base backup {base.name}" + f"; removed {', '.join(removed)}" * bool(removed))
                except (BackupError, psycopg.Error) as error:
                    announce(f"no base backup: {error}; tried again in {RETRY_SECONDS:.0f} s")
                    retried = now + timedelta(seconds=RETRY_SECONDS)
            stop.wait(LOOK_SECONDS)
