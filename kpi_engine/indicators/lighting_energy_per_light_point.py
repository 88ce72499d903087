"""Energy per light point [kWh]: electricity of street lighting over the light points that it lights."""

from typing import Final

from pydantic import Field

from kpi_engine.amounts import LONGEST, MeterAmounts
from kpi_engine.energy import consumers, energy
from kpi_engine.indicator import Better, Feeding, Indicator, Inputs, Months, Needs, Outcome, SiteFactNeed
from kpi_engine.intensity import SiteFacts, per, site_facts
from kpi_engine.window import Window


class LightPointInputs(Inputs):
    """Electricity of cabinets and of luminaires without one in kWh, light points, the period in seconds."""

    energy_kwh: MeterAmounts
    light_points: SiteFacts
    seconds: float = Field(ge=1e-6, le=LONGEST)


def inputs(window: Window) -> LightPointInputs:
    """Select the energy registers and the light points of the window."""
    counted = energy(window, "electricity")
    return LightPointInputs(energy_kwh=counted, light_points=site_facts(window.facts), seconds=window.seconds)


def compute(inputs: LightPointInputs) -> Outcome:
    """Return energy over light points, sum over sum."""
    return per([inputs.energy_kwh], inputs.light_points, inputs.seconds, "light_points")


INDICATOR: Final = Indicator(
    name="lighting_energy_per_light_point",
    title="Energy of street lighting per light point",
    unit="kWh",
    definition="Electricity of street lighting per light point [kWh]: energy of cabinets, controls and losses behind "
    "them included, and of luminaires that hang below no cabinet, over the light points that the city file states of "
    "every site with such a device. Light points that change within the period are weighted by time; a site that "
    "states none leaves no figure, and one that holds a cabinet only states 0. A luminaire beside a cabinet that is "
    "not declared a submeter leaves no figure.",
    formula="e = sum over cabinets, and luminaires without one, of energy / sum over sites of light points",
    citation="Energy per light point and year, the customary form of AECI of EN 13201-5:2015 without area (recalled); "
    "ISO 37120:2018, 7.6 divides by the length of lit streets instead",
    frameworks=("EN 13201-5", "ISO 37120 7.6 (numerator)"),
    needs=Needs(
        (consumers("electricity", device_types=("lighting_cabinet", "luminaire")),),
        feeding=Feeding("lighting_cabinet", "luminaire"),
        fact=SiteFactNeed("light_points", "1"),
    ),
    better=Better.LOWER,
    boundary="lighting cabinets with all behind them, and luminaires without one; sites that state their light points",
    inputs_model=LightPointInputs,
    inputs=inputs,
    compute=compute,
    months=Months.ADD_UP,
)
