"""Words for the codes that queries return: nobody who looks at a dashboard has to know the names of a city file."""

from collections.abc import Sequence
from typing import Final

from ingest.model.alarm_rules import ALARM_RULES
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.verticals import VERTICALS
from ingest.reasons import Reason
from kpi_engine.indicator import Better
from kpi_engine.indicators import INDICATORS

KPIS: Final = {one.name: one.title for one in INDICATORS.values()}
QUANTITY: Final = {one.name: one.title for one in QUANTITIES.values()}
VERTICAL: Final = {one.name: one.title for one in VERTICALS.values()}
DEVICE_TYPES: Final = {kind.name: kind.title for one in VERTICALS.values() for kind in one.device_types}
RULES: Final = {one.name: one.title for one in ALARM_RULES.values()}
REFUSALS: Final = {str(reason): str(reason).replace("_", " ") for reason in Reason}
CONNECTOR: Final = QUANTITIES["connector_status"].states
# How Grafana shows the units of indicators, and the factor from the one to the other: nobody in a city reads megagrams.
SHOWN: Final = {
    "kWh": ("kwatth", 1.0),
    "kW": ("kwatt", 1.0),
    "kg": ("masst", 0.001),
    "1": ("none", 1.0),
    "h": ("suffix: h", 1.0),
    "degC": ("celsius", 1.0),
    "K": ("suffix: K", 1.0),
    "kWh/m2": ("suffix: kWh/m²", 1.0),
}


def unit(kpi: str) -> str:
    """Return the unit in which Grafana shows an indicator."""
    return SHOWN[INDICATORS[kpi].unit][0]


def factor(kpi: str) -> str:
    """Return what a figure is multiplied with to be in that unit."""
    return f"{SHOWN[INDICATORS[kpi].unit][1]:g}"


def better(way: Better, kpis: Sequence[str]) -> str:
    """Return those of some indicators that are to move that way, with commas between them."""
    return ",".join(kpi for kpi in kpis if INDICATORS[kpi].better is way)


def titles(*kpis: str) -> dict[str, str]:
    """Return the titles of these indicators by their names; KeyError for one that does not exist."""
    return {kpi: KPIS[kpi] for kpi in kpis}
