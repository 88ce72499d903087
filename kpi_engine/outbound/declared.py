"""Whether the indicators that a city opens or hands on are ones. Pure."""

from collections.abc import Iterator, Sequence

from ingest.model.city.assets import City
from ingest.model.city.open_data import EVERY_INDICATOR
from ingest.model.declarations.expected import one_of
from kpi_engine.indicators import INDICATORS

Faults = Iterator[tuple[str, str]]


def faults(city: City) -> Faults:
    """Yield (key, what was expected) for every indicator that there is not."""
    yield from _unknown("open_data", city.open_data.indicators if city.open_data else ())
    yield from _unknown("outbound", city.outbound.indicators if city.outbound else ())


def _unknown(key: str, named: Sequence[str]) -> Faults:
    for index, name in enumerate(named):
        if name != EVERY_INDICATOR and name not in INDICATORS:
            yield f"{key}.indicators[{index}]", one_of(INDICATORS, name)
