"""What is to be handed on: current revisions that a channel has not had, in the order in which they became known.

Numbers of values grow in the order of commits, since figures are written one step after the other (see ``moments``). So
the largest number that has been handed on is a mark: what is above it is new, whatever ended in between. The mark moves
after the other side has confirmed; whoever is killed before that hands the same revisions on once more.

Of households goes out what everybody may see (``shown_to_everybody``), and nothing while their rule is worked out anew.
Where more becomes seen, by another rule or since a month has ended, the mark begins again.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from time import time_ns
from typing import Final, Protocol

from ingest.model.city.assets import City
from ingest.model.city.outbound import Outbound
from kpi_engine import moments
from kpi_engine.figures.store import StoredFigure
from kpi_engine.indicators import INDICATORS
from kpi_engine.open_data.public import may_be_public, shown_to_everybody
from kpi_engine.outbound.entity import EntityScope, entity
from kpi_engine.outbound.figure_place import FigurePlace
from kpi_engine.privacy.viewing import CityView
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)

AT_ONCE: Final = 500
FORM: Final = 1  # of what is handed on: with another one, everything goes out again


@dataclass(frozen=True)
class Outgoing:
    """One revision on its way: its place, and its entity as JSON; ``is_retained``: it holds until another does."""

    place: FigurePlace
    payload: bytes
    is_retained: bool


class WayOut(Protocol):
    """A way out of ours, by its name in the store."""

    name: str

    def send(self, outgoing: Sequence[Outgoing]) -> None:
        """Return once the other side has all of them in their order; raises IngestError where it has not."""
        ...


@dataclass(frozen=True)
class CityChoice:
    """Which figures a city hands on."""

    city: City
    outbound: Outbound

    @property
    def kpis(self) -> list[str]:
        """The indicators by name."""
        return sorted(filter(self.outbound.hands_on, INDICATORS))

    @property
    def groups(self) -> list[str]:
        """The groups: those large enough, unless even sites are handed on."""
        return sorted(one.name for one in self.city.groups if self.outbound.sites or may_be_public(self.city, one.name))

    def digest(self, view: CityView | None, now: int) -> str:
        """Return what changes whenever other figures are to be handed on, or the same ones in another form.

        ``view``: what is seen of households, None where there are none; ``now`` in microseconds.
        """
        asked = [FORM, self.kpis, self.groups, sorted(self.outbound.periods), self.outbound.sites, self.city.timezone]
        asked += [] if view is None else [view.token(now)]
        return sha256(json.dumps(asked).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class _Stretch:
    """The revisions that are looked at: above ``mark``, up to ``newest``, for the choice of this ``digest``."""

    choice: CityChoice
    digest: str
    mark: int
    newest: int


def _now() -> int:
    return time_ns() // 1000


class Outbox:
    """Hands on over one channel what is new, city by city; ``address`` as in EntityScope, ``clock`` in microseconds."""

    def __init__(
        self, connection: Connection, channel: WayOut, address: str = "", clock: Callable[[], int] = _now
    ) -> None:
        self._connection, self._channel, self._address, self._clock = connection, channel, address, clock

    def hand_on(self, choice: CityChoice, at_once: int = AT_ONCE) -> int:
        """Hand on at most so many revisions of a city and return how many went out.

        Raises what the channel raises; then the mark stays where it was.
        """
        now = self._clock()
        shown = shown_to_everybody(self._connection, now)
        view = shown.viewing.of(choice.city.name)
        stretch = self._stretch(choice, choice.digest(view, now))
        self._connection.commit()
        is_ruled = view is None or view.is_ruled
        while is_ruled and stretch.mark < stretch.newest:
            found = moments.read(self._connection, StoredFigure, SQL["new_revisions"], _asked(stretch, at_once))
            outgoing = [self._outgoing(figure, choice.city) for figure in shown.of(found)]
            self._connection.commit()
            if outgoing:
                self._channel.send(outgoing)
            stretch = replace(stretch, mark=found[-1].value_id if len(found) == at_once else stretch.newest)
            self._move(stretch)
            if outgoing:
                return len(outgoing)
        return 0

    def _stretch(self, choice: CityChoice, digest: str) -> _Stretch:
        """Return what is new; from the beginning where nothing was handed on, or by another choice."""
        asked = {"channel": self._channel.name, "city": choice.city.name, "choice": digest}
        mark = self._connection.execute(SQL["mark"], asked).fetchone()
        ((newest,),) = self._connection.execute(SQL["newest_value"]).fetchall()
        return _Stretch(choice, digest, 0 if mark is None else int(mark[0]), int(newest))

    def _outgoing(self, figure: StoredFigure, city: City) -> Outgoing:
        document = entity(figure, INDICATORS[figure.kpi], EntityScope(city, self._address))
        payload = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        return Outgoing(FigurePlace.of(figure, city), payload, is_retained=figure.period != "day")

    def _move(self, stretch: _Stretch) -> None:
        city, choice = stretch.choice.city.name, stretch.digest
        moved = {"channel": self._channel.name, "city": city, "choice": choice, "through": stretch.mark}
        self._connection.execute(SQL["mark_move"], moved)
        self._connection.commit()


def _asked(stretch: _Stretch, at_once: int) -> Mapping[str, object]:
    choice = stretch.choice
    return {
        "city": choice.city.name,
        "kpis": choice.kpis,
        "periods": list(choice.outbound.periods),
        "groups": choice.groups,
        "sites": choice.outbound.sites,
        "mark": stretch.mark,
        "newest": stretch.newest,
        "limit": at_once,
    }


def choices(cities: Mapping[str, City]) -> list[CityChoice]:
    """Return the cities that hand figures on, by name."""
    return [CityChoice(city, city.outbound) for _, city in sorted(cities.items()) if city.outbound]
