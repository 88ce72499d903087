"""How far the services that are asked for readings are known, by device and dataset; it outlives every process."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ingest.model.time import from_micros, to_micros
from ingest.sources.pull.bound import Asked
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


@dataclass(frozen=True)
class Known:
    """What is known of one dataset of one device; times in microseconds, None where there is none.

    All of [``asked_from``, ``asked_through``) was asked for and answered.
    """

    asked_from: int | None
    asked_through: int | None
    newest: int | None
    readings: int
    asked_at: int
    answered_at: int | None
    failure: str | None


@dataclass(frozen=True)
class AnsweredWindow:
    """What came of a window [begin, end): how many ``readings``, and the time of the ``newest`` of them."""

    begin: int
    end: int
    readings: int
    newest: int | None


class PullProgress:
    """Reads and notes it on ``connection``; each call is a transaction of its own."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __call__(self) -> Mapping[Asked, Known]:
        """Return what is known of everything that was ever asked for."""
        with self._connection.transaction():
            rows = self._connection.execute(SQL["pull_known"]).fetchall()
        return {Asked(*row[:4]): _known(*row[4:]) for row in rows}

    def answered(self, asked: Asked, now: int, answer: AnsweredWindow, *, extends: bool) -> None:
        """Note that a window was answered; ``extends``: the windows from ``begin`` on are asked for in their order."""
        parameters = {
            **asked._asdict(),
            "now": from_micros(now),
            "begin": from_micros(answer.begin) if extends else None,
            "end": from_micros(answer.end) if extends else None,
            "newest": None if answer.newest is None else from_micros(answer.newest),
            "readings": answer.readings,
        }
        with self._connection.transaction():
            self._connection.execute(SQL["pull_answered"], parameters)

    def failed(self, asked: Asked, now: int, sentence: str) -> None:
        """Note why a question was not answered."""
        with self._connection.transaction():
            self._connection.execute(
                SQL["pull_failed"], {**asked._asdict(), "now": from_micros(now), "failure": sentence}
            )


def _known(  # noqa: PLR0913, PLR0917 - the columns of a row
    asked_from: datetime | None,
    asked_through: datetime | None,
    newest: datetime | None,
    readings: int,
    asked_at: datetime,
    answered_at: datetime | None,
    failure: str | None,
) -> Known:
    begin, end, last = (_micros(time) for time in (asked_from, asked_through, newest))
    return Known(begin, end, last, readings, to_micros(asked_at), _micros(answered_at), failure)


def _micros(time: datetime | None) -> int | None:
    return None if time is None else to_micros(time)
