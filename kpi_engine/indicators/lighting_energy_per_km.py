"""Energy per lit street [kWh/km]: electricity of street lighting over the length of the streets that it lights."""

from typing import Final

from pydantic import Field

from kpi_engine.amounts import LONGEST, MeterAmounts
from kpi_engine.energy import energy
from kpi_engine.indicator import Better, Indicator, Inputs, Months, Outcome
from kpi_engine.intensity import SiteFacts, per, site_facts
from kpi_engine.lighting_energy import DEFINITION, needs
from kpi_engine.window import Window


class StreetInputs(Inputs):
    """Electricity of cabinets and of luminaires without one in kWh, lit streets in km, the period in seconds."""

    energy_kwh: MeterAmounts
    street_length_km: SiteFacts
    seconds: float = Field(ge=1e-6, le=LONGEST)


def inputs(window: Window) -> StreetInputs:
    """Select the energy registers and the lengths of the window."""
    counted = energy(window, "electricity")
    return StreetInputs(energy_kwh=counted, street_length_km=site_facts(window.facts), seconds=window.seconds)


def compute(inputs: StreetInputs) -> Outcome:
    """Return energy over length, sum over sum."""
    return per([inputs.energy_kwh], inputs.street_length_km, inputs.seconds, "street_length")


INDICATOR: Final = Indicator(
    name="lighting_energy_per_km",
    title="Energy of street lighting per lit kilometre",
    unit="kWh/km",
    definition="Electricity of street lighting per kilometre of lit street in the period [kWh/km]; that of a year is "
    "the indicator of ISO 37120. Length is the fact street_length of every site with such a device, weighted by time "
    "where it changes; a site that states none leaves no figure. " + DEFINITION,
    formula="e = sum over cabinets, and luminaires without one, of energy / sum over sites of the length of lit street",
    citation="ISO 37120:2018, 7.6: electricity consumption of public street lighting per kilometre of lighted street, "
    "kWh/(km a) (definition read where a city publishes it, the standard recalled)",
    frameworks=("ISO 37120 7.6",),
    needs=needs("street_length", "km"),
    better=Better.LOWER,
    boundary="metered street lighting of the city file; streets whose lighting is not metered are in neither sum",
    inputs_model=StreetInputs,
    inputs=inputs,
    compute=compute,
    months=Months.ADD_UP,
)
