"""What live events are about, and what of it is news to somebody who last saw version n.

Every thing carries the version of the poll that changed it, so a slow reader misses nothing, holds nothing up, and
no queue can grow.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import BaseModel

from kpi_engine.api import alarms, devices, kpis, ledger
from kpi_engine.api.access import Resource
from kpi_engine.privacy.shown_figures import ShownFigures
from kpi_engine.privacy.viewing import Viewing
from processors.storage.database import Connection


def everything(_: Viewing, found: Sequence[BaseModel]) -> Sequence[BaseModel]:
    """Take nothing out."""
    return found


@dataclass(frozen=True)
class Topic:
    """One kind of event: who may see it, how it is read (times in microseconds), and what names one thing of it.

    ``limited``: takes out what those do not see who see nothing of single households.
    """

    name: str
    resource: Resource
    read: Callable[[Connection, int], Sequence[BaseModel]]
    key: tuple[str, ...]
    limited: Callable[[Viewing, Sequence[BaseModel]], Sequence[BaseModel]] = everything

    @property
    def is_limited(self) -> bool:
        """Whether not everybody sees all of it."""
        return self.limited is not everything


def _figures(viewing: Viewing, found: Sequence[BaseModel]) -> list[BaseModel]:
    """Return the figures that are shown, without names of households in their words."""
    shown, words = ShownFigures(viewing), viewing.words
    return [
        one.model_copy(
            update={"reason": words(one.city, one.reason), "cause_detail": words(one.city, one.cause_detail)}
        )
        for one in found
        if isinstance(one, kpis.KpiValue) and shown.shows(one)
    ]


TOPICS: Final = (
    Topic("devices", Resource.DEVICES, devices.news, ("city", "name")),
    Topic("alarms", Resource.ALARMS, alarms.still_open, ("alarm_id",)),
    Topic(
        "kpis",
        Resource.KPIS,
        lambda connection, _: kpis.newest(connection, None),
        ("city", "kpi", "period", "period_start"),
        limited=_figures,
    ),
    Topic("ledger", Resource.LEDGER, lambda connection, _: ledger.read(connection, None), ("city", "source")),
)


@dataclass(frozen=True)
class _Thing:
    """One thing as it was last seen: its JSON, and the version that changed it."""

    city: str
    text: str
    version: int


@dataclass
class News:
    """The things of one topic. Whoever last saw a version before ``whole_since`` is told everything."""

    key: tuple[str, ...]
    things: dict[tuple[Any, ...], _Thing] = field(default_factory=dict)
    whole_since: int = 1

    def update(self, found: Sequence[BaseModel], version: int) -> None:
        """Take ``found`` as all there is at ``version``; every thing has a field ``city``."""
        things: dict[tuple[Any, ...], _Thing] = {}
        for model in found:
            fields = dict(model)
            key, text = tuple(fields[name] for name in self.key), model.model_dump_json()
            known = self.things.get(key)
            things[key] = known if known and known.text == text else _Thing(fields["city"], text, version)
        if self.things.keys() - things.keys():
            self.whole_since = version  # something vanished, which no list of changes can tell
        self.things = things

    def since(self, sent: int, covers: Callable[[str], bool]) -> str | None:
        """Return, as JSON, what changed after version ``sent`` where ``covers`` accepts the city; None if nothing."""
        whole = sent < self.whole_since
        news = [thing.text for thing in self.things.values() if (whole or thing.version > sent) and covers(thing.city)]
        return f'{{"full":{str(whole).lower()},"items":[{",".join(news)}]}}' if news or whole else None
