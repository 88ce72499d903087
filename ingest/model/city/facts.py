"""Facts: the names that figures and simulations use, in one unit each, and which fact of a name holds on a day.

A name of one's own begins with ``x-``: it may be in any unit, and is kept and shown. Days are civil days of the city.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from pydantic import Field

from ingest.model.city.validity import Validity
from ingest.model.declarations.declaration import Name


class Fact(Validity):
    """A dated, sourced number about a site or a city: floor area, trench length, population."""

    name: Name
    value: Annotated[float, Field(allow_inf_nan=False)]
    unit: str
    source: Annotated[str, Field(min_length=1)]


@dataclass(frozen=True)
class FactDefinition:
    """A fact that is used by its name: its one unit, and the range outside of which a value is a slip."""

    name: str
    title: str
    unit: str
    plausible: tuple[float, float]


FACTS: Final[dict[str, FactDefinition]] = {
    definition.name: definition
    for definition in (
        FactDefinition("latitude", "Latitude, north positive", "deg", (-90.0, 90.0)),
        FactDefinition("longitude", "Longitude, east positive", "deg", (-180.0, 180.0)),
        FactDefinition("population", "Population", "1", (1.0, 1e8)),
        FactDefinition("metered_population", "Population whose heat is metered", "1", (1.0, 1e8)),
        FactDefinition("heated_area", "Heated floor area", "m2", (1.0, 1e8)),
        FactDefinition("floor_area", "Gross floor area", "m2", (1.0, 1e8)),
        FactDefinition("light_points", "Light points", "1", (1.0, 1e6)),
        FactDefinition("street_length", "Length of lit street", "m", (1.0, 1e7)),
        FactDefinition("lit_area", "Area that the lighting of the site is for", "m2", (1.0, 1e8)),
        FactDefinition("illuminance", "Maintained mean illuminance of the lit area", "lx", (0.1, 1000.0)),
        FactDefinition("system_power", "Power of the lighting installation, controls included", "kW", (1e-3, 1e5)),
        FactDefinition("trench_length", "Trench length of the heat network, twin pipes once", "m", (1.0, 1e7)),
        FactDefinition("rated_power", "Rated power of one charging point or luminaire of the site", "kW", (1e-3, 1e6)),
        FactDefinition(
            "excluded_outage",
            "Share of the time of a charging point that is no outage by the rule of its uptime",
            "percent",
            (0.0, 100.0),
        ),
        FactDefinition("photovoltaic_capacity", "Installed photovoltaic capacity", "kW", (1e-3, 1e6)),
        FactDefinition("base_capacity", "Capacity of a plant's base load", "kW", (1e-3, 1e6)),
        FactDefinition("renewable_heat_share", "Renewable share of a plant's heat", "percent", (0.0, 100.0)),
        FactDefinition("waste_heat_share", "Waste heat in a plant's heat", "percent", (0.0, 100.0)),
        FactDefinition("public_share", "Share of a building's floor area in public use", "1", (0.0, 1.0)),
        FactDefinition(
            "reference_degree_days_base_17", "Degree days of a normal year, base 17 degC", "K.d", (1.0, 1e4)
        ),
        FactDefinition(
            "weather_independent_share", "Share of heat that the weather does not move", "percent", (0.0, 100.0)
        ),
        FactDefinition(
            "baseline_emissions", "Emissions of the monitored boundary in the baseline year", "t", (1e-3, 1e9)
        ),
        FactDefinition("baseline_year", "Baseline year", "1", (1990.0, 2100.0)),
        FactDefinition(
            "baseline_final_energy", "Final energy of the monitored boundary in the baseline year", "kWh", (1.0, 1e13)
        ),
        FactDefinition("baseline_peak_load", "Peak electric load in the baseline year", "kW", (1e-3, 1e7)),
        FactDefinition("baseline_heat_peak_load", "Peak load of heat in the baseline year", "kW", (1e-3, 1e7)),
        FactDefinition("investment", "Investment in measures at the site, grants included", "EUR", (1.0, 1e11)),
        FactDefinition("grant", "Grants towards the investment", "EUR", (0.0, 1e11)),
        FactDefinition("annual_saving", "Money that the measures save in a year", "EUR", (0.0, 1e10)),
        FactDefinition("annual_emissions_saved", "Emissions that the measures save in a year", "t", (0.0, 1e9)),
        FactDefinition("discount_rate", "Yearly interest by which money is discounted", "percent", (0.0, 30.0)),
        FactDefinition("investment_lifetime", "Years over which the investment is spread", "1", (1.0, 100.0)),
    )
}


def value_at(facts: Sequence[Fact], name: str, day: date) -> Fact | None:
    """Return the fact called ``name`` that is valid on ``day``, or None; a checked city file has at most one."""
    return next((fact for fact in facts if fact.name == name and fact.holds_on(day)), None)
