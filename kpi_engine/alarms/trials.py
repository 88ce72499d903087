"""Trials of telling people: who can be told of alarms of a city, and what became of each way when somebody asked.

Whoever asks has no file of receivers; the notifier, which has it, looks here every few seconds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from psycopg.rows import class_row

from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)
LAPSE: Final = timedelta(minutes=10)
"""A trial that nobody took up for so long is not sent any more: nobody would know what it is for."""
PAUSE: Final = timedelta(seconds=30)
"""Between two trials of a city, so that nobody is flooded."""
KEPT: Final = timedelta(days=30)


@dataclass(frozen=True)
class ToldReceiver:
    """Who can be told, by ``ways`` such as mail; ``cities``: of whose alarms, None for those of every city."""

    receiver: str
    ways: list[str]
    cities: list[str] | None


@dataclass(frozen=True)
class TrialResult:
    """What became of one way to a receiver; ``trouble`` is None where the message was taken."""

    receiver: str
    way: str
    told_at: datetime
    trouble: str | None


@dataclass(frozen=True)
class AlarmTrial:
    """One trial; ``lapsed``: it was not finished in time, and nothing more will be sent."""

    trial_id: int
    city: str
    asked_by: str
    asked_at: datetime
    finished_at: datetime | None
    lapsed: bool


def note_receivers(connection: Connection, known: Iterable[ToldReceiver]) -> None:
    """Let others know who can be told, in place of those who were known before."""
    every = [asdict(one) for one in known]
    connection.execute(SQL["receivers_forget"], {"receivers": [one["receiver"] for one in every]})
    for one in every:
        connection.execute(SQL["receiver_note"], one)


def receivers(connection: Connection, city: str) -> list[ToldReceiver]:
    """Return who can be told of alarms of a city."""
    with connection.cursor(row_factory=class_row(ToldReceiver)) as cursor:
        return cursor.execute(SQL["receivers_of"], {"city": city}).fetchall()


def ask(connection: Connection, city: str, asked_by: str) -> AlarmTrial | None:
    """Have every receiver of a city sent a trial; None where one was asked for just before."""
    connection.execute(SQL["trial_turn"], {"city": city})
    facts = {"city": city, "asked_by": asked_by, "pause": PAUSE, "lapse": LAPSE}
    return next(iter(_trials(connection, SQL["trial_ask"], facts)), None)


def trial(connection: Connection, trial_id: int) -> AlarmTrial | None:
    """Return one trial."""
    return next(iter(_trials(connection, SQL["trial_one"], {"trial_id": trial_id, "lapse": LAPSE})), None)


def waiting(connection: Connection) -> list[AlarmTrial]:
    """Return the trials that are to be sent, or were left unfinished, the oldest first."""
    return _trials(connection, SQL["trials_waiting"], {"lapse": LAPSE})


def results(connection: Connection, trial_id: int) -> Sequence[TrialResult]:
    """Return what became of the ways that were tried so far."""
    with connection.cursor(row_factory=class_row(TrialResult)) as cursor:
        return cursor.execute(SQL["trial_results"], {"trial_id": trial_id}).fetchall()


def note(connection: Connection, trial_id: int, result: TrialResult) -> None:
    """Write down what became of one way."""
    connection.execute(SQL["trial_note"], {"trial_id": trial_id} | asdict(result))


def finish(connection: Connection, trial_id: int) -> None:
    """Write down that every way was tried, and forget trials of long ago."""
    connection.execute(SQL["trial_finish"], {"trial_id": trial_id})
    connection.execute(SQL["trials_forget"], {"kept": KEPT})


def _trials(connection: Connection, statement: str, facts: dict[str, object]) -> list[AlarmTrial]:
    with connection.cursor(row_factory=class_row(AlarmTrial)) as cursor:
        return cursor.execute(statement, facts).fetchall()
