"""A service that is asked for readings: where it is, what it has, how it is asked; a module of ``hubs`` exports one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ingest.sources.pull.client import Client
from ingest.sources.pull.question import Question


@dataclass(frozen=True)
class Dataset:
    """Something that a service has; ``fields`` are those that its decoder finds in the answers.

    ``since`` and ``until``: the civil days [since, until) of which it has anything. ``lag``: nothing younger is asked
    for. ``reach``: nothing older is.
    """

    name: str
    fields: frozenset[str]
    since: date | None = None
    until: date | None = None
    lag: timedelta = timedelta(0)
    reach: timedelta | None = None


@dataclass(frozen=True)
class Hub:
    """A service by the name of the decoder that reads its answers. ``answers``: asks one question, yields what comes.

    ``secrets``: what an account of it must hold, ``optional`` what it may. ``days``: of how many civil days one
    question is at most, never of two months. ``pause``: seconds between two questions. ``every`` and ``again``: what a
    binding says, where it does not say it. ``whole_months``: it knows no shorter span.
    """

    name: str
    title: str
    url: str
    datasets: tuple[Dataset, ...]
    answers: Callable[[Client, Question], Iterator[bytes]]
    every: timedelta
    again: timedelta
    secrets: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    days: int = 31
    pause: float = 1.0
    whole_months: bool = False
