"""Heat of buildings per floor area as it would have been in the weather of a normal year [kWh/m2]."""

from typing import Final

from pydantic import Field

from ingest.model.calendar import Period
from kpi_engine.boundary.final_energy import consumers, energy
from kpi_engine.evidence.amounts import LONGEST, MeterAmounts, bounded, coverage, estimated_share, reason
from kpi_engine.families.building_intensity import BUILDINGS, FLOOR_AREA
from kpi_engine.families.intensity import SiteFacts, outcome_per, site_facts, time_mean, unstated
from kpi_engine.families.outdoor_days import OUTDOORS, OutdoorDays, outdoor_days
from kpi_engine.formulas.degree_day_sums import heating, normalised
from kpi_engine.formulas.degree_days import DEGREE_DAYS
from kpi_engine.indicator import Better, Indicator, Needs, Outcome
from kpi_engine.ports.facts import FactOf, Facts
from kpi_engine.window import Window

PERCENT: Final = 100.0
REFERENCE: Final = Facts("reference_degree_days_base_17", "K.d", FactOf.CITY, is_needed=True)
INDEPENDENT: Final = Facts("weather_independent_share", "percent", FactOf.CITY, is_needed=True)


class NormalisedHeatInputs(OutdoorDays):
    """Mean temperatures of the days, heat counted by each main meter in kWh, floor areas in m2, the period in seconds.

    ``reference_kelvin_days``: degree days of a normal year, base 17 degC; ``independent_percent``: the share of the
    heat that the weather does not move.
    """

    heat_kwh: MeterAmounts
    floor_area_m2: SiteFacts
    reference_kelvin_days: SiteFacts
    independent_percent: SiteFacts
    seconds: float = Field(ge=1e-6, le=LONGEST)


def inputs(window: Window) -> NormalisedHeatInputs:
    """Select days, heat, areas and what the city file states of the reference."""
    return NormalisedHeatInputs(
        **dict(outdoor_days(window)),
        heat_kwh=energy(window, "heat"),
        floor_area_m2=site_facts(window.given(FLOOR_AREA)),
        reference_kelvin_days=site_facts(window.given(REFERENCE)),
        independent_percent=site_facts(window.given(INDEPENDENT)),
        seconds=window.seconds,
    )


def compute(inputs: NormalisedHeatInputs) -> Outcome:
    """Return the normalised heat over the floor area; only its dependent part is scaled."""
    lists = [inputs.heat_kwh]
    covered = min(coverage(*lists), inputs.known_share)
    reference, share = inputs.reference_kelvin_days, inputs.independent_percent
    lacks = [
        unstated(reference, REFERENCE.name),
        unstated(share, INDEPENDENT.name),
        None if inputs.mean_degc else inputs.lacking,
    ]
    why = "; ".join(filter(None, [*lacks, inputs.lacking if inputs.mean_degc else None, reason(*lists)])) or None
    if any(lacks):
        return Outcome(None, covered, None, why)
    actual = heating(DEGREE_DAYS["graddage"], *inputs.columns)
    found = normalised(bounded(*lists), time_mean(share) / PERCENT, time_mean(reference), actual)
    if found.value is None:
        return Outcome(None, covered, None, why or "no day of this year was below 17 degC")
    whole = Outcome.of(found, covered, estimated_share(*lists), why)
    return outcome_per(whole, inputs.floor_area_m2, inputs.seconds, "floor_area")


INDICATOR: Final = Indicator(
    name="building_heat_weather_normalised",
    title="Heat of buildings per floor area, normal weather",
    unit="kWh/m2",
    definition="Heat delivered to buildings per floor area as it would have been in a year of normal weather [kWh/m2]. "
    "Only the part that the weather moves is scaled, by degree days of base 17 degC of a normal year over those of the "
    "year (heating_degree_days_base_17). The normal year (reference_degree_days_base_17) and the share that weather "
    "does not move, hot water above all (weather_independent_share), are dated facts of the city file; without both "
    "there is no figure. Of whole civil years only, and of the city, whose weather stations tell.",
    formula="E_norm = (E_base + (E - E_base) x HDD_ref / HDD_act) / floor area, E_base = weather_independent_share x E",
    citation="Degree day correction of the weather-dependent part (recalled)",
    frameworks=("graddage", "SCIS 2.1.1 (normalised)"),
    better=Better.LOWER,
    boundary="Heat delivered at the main meters of buildings, hot water included; weather at the stations of the city",
    interval="day",
    needs=Needs((consumers("heat", verticals=BUILDINGS),)),
    periods=(Period.YEAR,),
    closed_only=True,
    inputs_model=NormalisedHeatInputs,
    inputs=inputs,
    compute=compute,
    of_sites=False,
    ports=(FLOOR_AREA, OUTDOORS, REFERENCE, INDEPENDENT),
)
