"""Baselines as cities declare them, with the series that they are read from."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from ingest.model.catalogue import Catalogue, Series
from ingest.model.city.assets import City, Site
from ingest.model.city.baseline import BaselineDeclaration, IpmvpOption, ZeroDay
from ingest.model.city.groups import Group
from kpi_engine.baselines.methods import METHODS, Method
from kpi_engine.errors import BaselineError
from kpi_engine.formulas.degree_days import DEGREE_DAYS, DegreeDays
from kpi_engine.indicators import INDICATORS
from kpi_engine.subjects.subject import SubjectName

NEVER_COOLED: Final = ("heat", "gas")  # no cooling is considered (CalTRACK 2.0, 3.2.1.1, of gas)
FITTED: Final = frozenset({"energy", "temperature", "baseline_from", "baseline_to", "method", "zero", "option"})


@dataclass(frozen=True)
class DeclaredBaseline:
    """A baseline of a site or a group, its ``owner``; ``energy`` are its series, none where it is of an indicator."""

    city: City
    owner: Site | Group
    declaration: BaselineDeclaration
    temperature: Series
    energy: tuple[Series, ...]

    @property
    def name(self) -> str:
        """What it is called among those of its owner."""
        return self.declaration.name

    @property
    def subject(self) -> SubjectName:
        """What its owner is called."""
        is_group = isinstance(self.owner, Group)
        name = self.owner.name
        return SubjectName(self.city.name, group=name) if is_group else SubjectName(self.city.name, name)

    @property
    def id(self) -> str:
        """What it is called everywhere: city, site or group, and name, none of which has a dot."""
        return f"{self.city.name}.{self.owner.name}.{self.name}"

    @property
    def key(self) -> dict[str, str | None]:
        """The same as parameters of statements."""
        return {**self.subject._asdict(), "name": self.name}

    @property
    def carrier(self) -> str | None:
        """The carrier of its energy; None where its device has none."""
        indicator = self.declaration.energy.indicator
        if indicator is not None:
            return INDICATORS[indicator].needs.carriers[0]
        metering = {reference.device for reference in self.declaration.energy.series}
        return next((one.carrier for one in self.city.devices if one.name in metering), None)

    @property
    def method(self) -> Method:
        """How it is fitted; raises BaselineError where no method has this name."""
        name = self.declaration.method
        if name not in METHODS:
            raise BaselineError(f"{self.id}: no method is called {name!r}; known: {', '.join(METHODS)}")
        return METHODS[name]

    @property
    def degree_days(self) -> DegreeDays:
        """Which degree days stand beside savings; raises BaselineError where no definition has this name."""
        name = self.declaration.degree_days
        if name not in DEGREE_DAYS:
            known = ", ".join(DEGREE_DAYS)
            raise BaselineError(f"{self.id}: no degree days are called {name!r}; known: {known}")
        return DEGREE_DAYS[name]

    @property
    def may_cool(self) -> bool:
        """Whether its energy may serve cooling."""
        return self.carrier not in NEVER_COOLED

    @property
    def is_zero_missing(self) -> bool:
        """Whether a day without energy was not measured."""
        if self.declaration.zero is not None:
            return self.declaration.zero is ZeroDay.MISSING
        return self.carrier == "electricity" and self.declaration.option is IpmvpOption.C

    @property
    def fitted_part(self) -> str:
        """A digest of what of its declaration a fit depends on."""
        document = self.declaration.model_dump_json(include=set(FITTED))
        return sha256(document.encode()).hexdigest()[:16]


def declared_baselines(catalogue: Catalogue) -> Iterator[DeclaredBaseline]:
    """Yield the baselines of every city whose energy and temperature there are, in the order of their files."""
    for city in catalogue.cities.values():
        known = {
            (device.name, quantity): series
            for device in city.devices
            for quantity, series in catalogue.devices[city.name, device.address].series.items()
        }
        for _, owner in city.declaring_baselines():
            for one in owner.baselines:
                read = [known.get((each.device, each.quantity)) for each in (one.temperature, *one.energy.series)]
                temperature, *energy = (series for series in read if series is not None) if all(read) else (None,)
                if temperature is not None and (energy or one.energy.indicator in INDICATORS):
                    yield DeclaredBaseline(city, owner, one, temperature, tuple(energy))


def find(catalogue: Catalogue, city: str, owner: str, name: str | None = None) -> DeclaredBaseline:
    """Return a baseline of a site or a group, the only one where no name is given.

    Raises BaselineError naming those there are.
    """
    of_owner = [one for one in declared_baselines(catalogue) if (one.city.name, one.owner.name) == (city, owner)]
    found = [one for one in of_owner if name in {None, one.name}]
    if len(found) == 1:
        return found[0]
    known = ", ".join(one.name for one in of_owner) or "none; declare it under its baselines in the city file"
    what = f"no baseline {name!r}" if name else "no baseline that is the only one"
    raise BaselineError(f"{city} {owner}: {what}; declared are: {known}")
