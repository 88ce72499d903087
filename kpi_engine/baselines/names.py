"""Whether what baselines of a city file name exists: indicators of energy, methods, definitions of degree days."""

from collections.abc import Iterator
from typing import Any, Final

from ingest.model.calendar import Period
from ingest.model.city.assets import City
from ingest.model.city.baseline import BaselineDeclaration
from ingest.model.declarations.expected import one_of
from ingest.model.quantities.carrier import ENERGY_UNIT
from kpi_engine.baselines.methods import METHODS
from kpi_engine.formulas.degree_days import DEGREE_DAYS
from kpi_engine.indicator import Indicator
from kpi_engine.indicators import INDICATORS


def is_energy(indicator: Indicator[Any]) -> bool:
    """Whether a baseline can be of an indicator: a sum in kWh, by the day, of sites, of one carrier."""
    is_of_days = Period.DAY in indicator.periods and indicator.of_sites
    return indicator.unit == ENERGY_UNIT and indicator.is_sum and is_of_days and len(indicator.needs.carriers) == 1


ENERGIES: Final = tuple(sorted(name for name, indicator in INDICATORS.items() if is_energy(indicator)))


def faults(city: City) -> Iterator[tuple[str, str]]:
    """Yield (key, what was expected) for every name that does not exist."""
    for key, declaring in city.declaring_baselines():
        for place, one in enumerate(declaring.baselines):
            yield from _faults(f"{key}.baselines[{place}]", one)


def _faults(key: str, one: BaselineDeclaration) -> Iterator[tuple[str, str]]:
    if one.energy.indicator is not None and one.energy.indicator not in ENERGIES:
        yield f"{key}.energy.indicator", one_of(ENERGIES, one.energy.indicator)
    if one.method not in METHODS:
        yield f"{key}.method", one_of(METHODS, one.method)
    if one.degree_days not in DEGREE_DAYS:
        yield f"{key}.degree_days", one_of(DEGREE_DAYS, one.degree_days)
