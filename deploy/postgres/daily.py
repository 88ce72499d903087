"""A backup as a task: made, copied elsewhere, old ones removed; every day at a time, where that is wanted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Final, Protocol

import psycopg

from deploy.embedded.server_programs import ServerPrograms
from deploy.errors import BackupError, SettingsError
from deploy.postgres import backups

DAY: Final = timedelta(days=1)
RETRY_SECONDS: Final = 300.0


@dataclass(frozen=True)
class Done:
    """A dump, what was removed for its sake, and what went wrong beside it."""

    dump: Path
    removed: list[str]
    trouble: str | None


@dataclass(frozen=True)
class BackupTask:
    """Which database is dumped to which folder, and what becomes of dumps."""

    url: str
    folder: Path
    programs: ServerPrograms
    keep_days: int | None
    copy_to: Path | None

    def once(self) -> Done:
        """Do it all. Raises BackupError where there is no new dump; what fails after that is told as trouble."""
        now, trouble = datetime.now(UTC), None
        dump = backups.dump(self.url, self.folder, self.programs, now)
        removed = backups.expire(self.folder, self.keep_days, now) if self.keep_days else []
        if self.copy_to:
            try:
                backups.copy(dump, self.copy_to, self.url)
                removed += backups.expire(self.copy_to, self.keep_days, now) if self.keep_days else []
            except BackupError as error:
                trouble = str(error)
        return Done(dump, removed, trouble)


def time_of_day(text: str) -> time:
    """Return a time of day such as 03:17; raises SettingsError where it is none."""
    try:
        return datetime.strptime(text, "%H:%M").replace(tzinfo=UTC).time()
    except ValueError:
        raise SettingsError(f"{text!r} is no time of day; expected such as 03:17") from None


def next_time(at: time, now: datetime) -> datetime:
    """Return the next moment after ``now`` at which it is ``at`` in UTC."""
    today = datetime.combine(now.astimezone(UTC).date(), at, UTC)
    return today if today > now else today + DAY


class Stopping(Protocol):
    """What says when to stop: a role's Stop."""

    def __bool__(self) -> bool: ...

    def wait(self, seconds: float) -> bool:
        """Sleep for ``seconds`` or until asked to stop; returns whether to stop."""


def run(
    once: Callable[[], Done],
    is_due: Callable[[datetime], bool],
    at: time,
    stop: Stopping,
    announce: Callable[[str], None],
) -> None:
    """Do it every day until asked to stop; at once where it is due; again after five minutes where it failed."""
    wanted = datetime.now(UTC)
    if not is_due(wanted):
        wanted = next_time(at, wanted)
    while not stop:
        now = datetime.now(UTC)
        if now < wanted:  # looked at often: a machine that slept must not wait as long as it slept
            stop.wait(min((wanted - now).total_seconds(), RETRY_SECONDS))
            continue
        try:
            done = once()
        except (BackupError, psycopg.Error) as error:
            announce(f"no backup: {error}; tried again in {RETRY_SECONDS:.0f} s")
            stop.wait(RETRY_SECONDS)
            continue
        announce(f"{done.dump}" + f"; removed {', '.join(done.removed)}" * bool(done.removed))
        if done.trouble:
            announce(done.trouble)
        wanted = next_time(at, datetime.now(UTC))
