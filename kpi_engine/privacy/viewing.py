"""What an evaluator may see: the one place that says so, for every answer of the HTTP interface.

Nothing is hidden of a city that declares no households. Otherwise: no series, site, device or lineage of a household;
of figures with households behind them those that the rule of the city shows, of months and years that have ended, and
nothing of how they were known before. Where the rule is not that of the city file that holds, nothing of them at all.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, Protocol, TypeVar

from ingest.model.calendar import Period, day_of
from ingest.model.city.assets import City, Device, Site
from ingest.model.city.households import Days, Households
from ingest.model.time import from_micros
from kpi_engine.subjects.subject import SubjectName
from processors.storage.database import Connection
from processors.storage.registry import registry
from processors.storage.statements import statements

SQL: Final = statements(__name__)

ASK_INSTEAD: Final = (
    "ask for months or years that have ended, of the city or of a group of enough households, or ask an operator"
)
BEING_RULED: Final = "what evaluators may see of this city is being worked out anew; ask again in a minute"
NO_READINGS: Final = "single series of households are for operators; " + ASK_INSTEAD
SHOWN_PERIODS: Final = (Period.MONTH, Period.YEAR)


@dataclass(frozen=True)
class AskedFigure:
    """One figure: whose, of what, and of [start, end) in microseconds; ``period`` None for a span of months."""

    name: SubjectName
    kpi: str
    period: Period | None
    start: int
    end: int


@dataclass(frozen=True)
class _Allowed:
    """What is shown of a subject on some days."""

    days: Days
    anytime: frozenset[str]
    months: frozenset[str]


@dataclass(frozen=True)
class CityView:
    """What evaluators see of a city with households."""

    zone: str
    is_ruled: bool
    household_sites: frozenset[str]
    figures: Mapping[SubjectName, Sequence[_Allowed]]

    def withheld(self, asked: AskedFigure, now: int) -> str | None:
        """Return why a figure is not shown; None where it is."""
        if not self.is_ruled:
            return BEING_RULED
        first, end = day_of(asked.start, self.zone), day_of(asked.end - 1, self.zone)
        there = [one for one in self.figures.get(asked.name, ()) if one.days[0] <= end and first < one.days[1]]
        if there and all(asked.kpi in one.anytime for one in there):
            return None
        if not there or any(asked.kpi not in one.anytime | one.months for one in there):
            return "it would single out fewer households than the city has decided; " + ASK_INSTEAD
        if asked.period not in {*SHOWN_PERIODS, None}:
            return "households are behind it, so it is shown by months and years only; " + ASK_INSTEAD
        if asked.end > now:
            return f"households are behind it, and its period goes on until {from_micros(asked.end):%Y-%m-%d}; " + (
                ASK_INSTEAD
            )
        return None

    def token(self, now: int) -> str:
        """Return what changes whenever other figures are shown: by another rule, or since another month has ended."""
        figures = sorted(
            (str(name), [day.isoformat() for day in one.days], sorted(one.anytime), sorted(one.months))
            for name, of in self.figures.items()
            for one in of
        )
        rule = sha256(json.dumps([figures, sorted(self.household_sites)]).encode()).hexdigest()[:16]
        return f"{rule}-{day_of(now, self.zone):%Y-%m}"

    def shows_months(self, name: SubjectName, kpi: str) -> bool:
        """Whether figures of an indicator are shown, of some months at least."""
        return self.is_ruled and any(kpi in one.anytime | one.months for one in self.figures.get(name, ()))

    def lists(self, site: str) -> bool:
        """Whether a site is named: there is no household, or there are enough for a figure."""
        every = (one for name, of in self.figures.items() if name.site == site for one in of)
        return self.is_ruled and (site not in self.household_sites or any(one.months for one in every))

    def has_households(self, name: SubjectName, kpi: str) -> bool:
        """Whether households are behind any figure of an indicator, as far as is known."""
        every = self.figures.get(name, ())
        return not self.is_ruled or not every or not all(kpi in one.anytime for one in every)


class _Placed(Protocol):
    @property
    def city(self) -> str: ...
    @property
    def site(self) -> str | None: ...


PlacedT = TypeVar("PlacedT", bound=_Placed)


@dataclass
class Viewing:
    """What somebody may see; ``is_limited``: an evaluator. Each city is read once, when it is first asked about."""

    connection: Connection
    now: int
    is_limited: bool
    _cities: dict[str, CityView | None] = field(default_factory=dict, init=False)
    _words: dict[str, "re.Pattern[str] | None"] = field(default_factory=dict, init=False)

    def of(self, city: str) -> CityView | None:
        """Return what is seen of a city; None where that is everything."""
        if not self.is_limited:
            return None
        if city not in self._cities:
            self._cities[city] = _read(self.connection, city)
        return self._cities[city]

    def hides_site(self, city: str, site: str | None) -> bool:
        """Whether nothing of a site is seen but figures that the rule shows: its meters tell of households."""
        view = self.of(city)
        return view is not None and site is not None and (site in view.household_sites or not view.is_ruled)

    def is_ruled(self, city: str) -> bool:
        """Whether it is known what is seen of a city."""
        view = self.of(city)
        return view is None or view.is_ruled

    def withheld(self, asked: AskedFigure) -> str | None:
        """Return why a figure is not shown; None where it is."""
        view = self.of(asked.name.city)
        return None if view is None else view.withheld(asked, self.now)

    def has_households(self, name: SubjectName, kpi: str) -> bool:
        """Whether households are behind figures, so that nothing but their values is seen of them."""
        view = self.of(name.city)
        return view is not None and view.has_households(name, kpi)

    def prepared(self, cities: Iterable[str]) -> "Viewing":
        """Return it with all that it will be asked of some cities, so that it needs its connection no more."""
        for city in cities:
            self.words(city, "")
        return self

    def sees(self) -> Callable[[_Placed], bool]:
        """Return what tells whether something stands at a site that is seen."""
        return lambda one: not self.hides_site(one.city, one.site)

    def placed(self, items: Iterable[PlacedT]) -> tuple[list[PlacedT], int]:
        """Return what stands at sites that are seen, and how many of ``items`` do not."""
        every = list(items)
        seen = [one for one in every if not self.hides_site(one.city, one.site)]
        return seen, len(every) - len(seen)

    def words(self, city: str, text: str | None) -> str | None:
        """Return a sentence without the names of households, of their sites and of their meters."""
        if text is None or self.of(city) is None:
            return text
        if city not in self._words:
            self._words[city] = _names(registry.declared(self.connection, city))
        pattern = self._words[city]
        return text if pattern is None else pattern.sub("[withheld]", text)


def _read(connection: Connection, city: str) -> CityView | None:
    row = connection.execute(SQL["viewed_city"], {"city": city}).fetchone()
    if row is None or not row[0]:
        return None
    _, is_ruled, zone, sites = row
    figures: dict[SubjectName, list[_Allowed]] = {}
    for site, group, first, end, anytime, months in connection.execute(SQL["viewed_figures"], {"city": city}):
        allowed = _Allowed((first, end), frozenset(anytime), frozenset(months))
        figures.setdefault(SubjectName(city, site, group), []).append(allowed)
    return CityView(zone, bool(is_ruled), frozenset(sites), figures)


def _names(city: City | None) -> "re.Pattern[str] | None":
    if city is None:
        return None
    hidden = Households(city).sites
    devices = [device for device in city.devices if device.site in hidden]
    named: list[Site | Device] = [*(site for site in city.sites if site.name in hidden), *devices]
    words = {word for one in named for word in (one.name, one.title) if word}
    words |= {device.household for device in devices if device.household}
    if not words:
        return None
    every = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{every})(?![\w-])")
