"""What is to be handed on: current revisions that a channel has not had, in the order in which they became known.

Numbers of values grow in the order of commits, since figures are written one step after the other (see ``moments``). So
the largest number that has been handed on is a mark: what is above it is new, whatever ended in between. The mark moves
after the other side has confirmed; whoever is killed before that hands the same revisions on once more.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Protocol

from ingest.model.city.assets import City
from ingest.model.city.outbound import Outbound
from kpi_engine import moments
from kpi_engine.figures.store import StoredFigure
from kpi_engine.indicators import INDICATORS
from kpi_engine.open_data.public import may_be_public
from kpi_engine.outbound.entity import EntityScope, entity
from kpi_engine.outbound.figure_place import FigurePlace
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

    @property
    def digest(self) -> str:
        """What changes whenever other figures are to be handed on, or the same ones in another form."""
        asked = (FORM, self.kpis, self.groups, sorted(self.outbound.periods), self.outbound.sites, self.city.timezone)
        return sha256(json.dumps(asked).encode()).hexdigest()[:16]


class Outbox:
    """Hands on over one channel what is new, city by city; ``address`` as in EntityScope."""

    def __init__(self, connection: Connection, channel: WayOut, address: str = "") -> None:
        self._connection, self._channel, self._address = connection, channel, address

    def hand_on(self, choice: CityChoice, at_once: int = AT_ONCE) -> int:
        """Hand on at most so many revisions of a city and return how many went out.

        Raises what the channel raises; then the mark stays where it was.
        """
        mark = self._mark(choice)
        ((newest,),) = self._connection.execute(SQL["newest_value"]).fetchall()
        self._connection.commit()
        if newest <= mark:
            return 0
        found = moments.read(
            self._connection, StoredFigure, SQL["new_revisions"], self._asked(choice, mark, newest, at_once)
        )
        self._connection.commit()
        if outgoing := [self._outgoing(figure, choice.city) for figure in found]:
            self._channel.send(outgoing)
        self._move(choice, found[-1].value_id if len(found) == at_once else newest)
        return len(found)

    def _asked(self, choice: CityChoice, mark: int, newest: int, at_once: int) -> Mapping[str, object]:
        return {
            "city": choice.city.name,
            "kpis": choice.kpis,
            "periods": list(choice.outbound.periods),
            "groups": choice.groups,
            "sites": choice.outbound.sites,
            "mark": mark,
            "newest": newest,
            "limit": at_once,
        }

    def _outgoing(self, figure: StoredFigure, city: City) -> Outgoing:
        document = entity(figure, INDICATORS[figure.kpi], EntityScope(city, self._address))
        payload = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        return Outgoing(FigurePlace.of(figure, city), payload, is_retained=figure.period != "day")

    def _mark(self, choice: CityChoice) -> int:
        """Return what was handed on last; 0 where nothing was, or by another choice."""
        asked = {"channel": self._channel.name, "city": choice.city.name, "choice": choice.digest}
        row = self._connection.execute(SQL["mark"], asked).fetchone()
        return 0 if row is None else int(row[0])

    def _move(self, choice: CityChoice, through: int) -> None:
        moved = {"channel": self._channel.name, "city": choice.city.name, "choice": choice.digest, "through": through}
        self._connection.execute(SQL["mark_move"], moved)
        self._connection.commit()


def choices(cities: Mapping[str, City]) -> list[CityChoice]:
    """Return the cities that hand figures on, by name."""
    return [CityChoice(city, city.outbound) for _, city in sorted(cities.items()) if city.outbound]
