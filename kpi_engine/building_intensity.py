"""Energy of one carrier delivered to buildings per floor area [kWh/m2]: main meters only, sum over sum."""

from collections.abc import Callable
from typing import Final

from pydantic import Field

from kpi_engine.amounts import LONGEST, MeterAmounts
from kpi_engine.energy import consumers, energy
from kpi_engine.indicator import Better, Indicator, Inputs, Months, Needs, Outcome, SiteFactNeed
from kpi_engine.intensity import SiteFacts, per, site_facts
from kpi_engine.window import Window

BUILDINGS: Final = ("buildings",)
FLOOR_AREA: Final = SiteFactNeed("floor_area", "m2")


class CarrierPerAreaInputs(Inputs):
    """Energy counted by each main meter in kWh, floor areas in m2, the period in seconds."""

    energy_kwh: MeterAmounts
    floor_area_m2: SiteFacts
    seconds: float = Field(ge=1e-6, le=LONGEST)


def _inputs(carrier: str) -> Callable[[Window], CarrierPerAreaInputs]:
    def inputs(window: Window) -> CarrierPerAreaInputs:
        """Select the main meters of the carrier, and the floor areas."""
        return CarrierPerAreaInputs(
            energy_kwh=energy(window, carrier), floor_area_m2=site_facts(window.facts), seconds=window.seconds
        )

    return inputs


def compute(inputs: CarrierPerAreaInputs) -> Outcome:
    """Return the energy over the floor area, sum over sum."""
    return per([inputs.energy_kwh], inputs.floor_area_m2, inputs.seconds, "floor_area")


def carrier_per_area(carrier: str, title: str, boundary: str) -> Indicator[CarrierPerAreaInputs]:
    """Return the indicator of one carrier delivered to buildings per floor area."""
    return Indicator(
        name=f"building_{carrier}_per_area",
        title=title,
        unit="kWh/m2",
        definition=f"What the main meters of {carrier} of buildings counted per floor area [kWh/m2]. What stands "
        "behind a main meter is in it once. Floor area is that of the city file for every site of vertical buildings "
        "with such a meter, weighted by time where it changes; a site without one leaves no figure. Not corrected for "
        "the weather.",
        formula=f"E = sum over main meters of {carrier} / sum over sites of floor area",
        citation="SCIS KPI Guide v2.0, 2.1.1 energy consumption, one carrier of (TE + EE) / A_b (formula recalled)",
        frameworks=("SCIS 2.1.1",),
        better=Better.LOWER,
        boundary=boundary,
        needs=Needs((consumers(carrier, verticals=BUILDINGS),), fact=FLOOR_AREA),
        inputs_model=CarrierPerAreaInputs,
        inputs=_inputs(carrier),
        compute=compute,
        months=Months.ADD_UP,
    )
