"""Energy of one carrier delivered to buildings per floor area [kWh/m2]: main meters only, sum over sum."""

from typing import Final

from kpi_engine.boundary.final_energy import consumers
from kpi_engine.families.intensity import EnergyOverPeriod, SiteFacts, energy_over, site_facts
from kpi_engine.indicator import Better, Indicator, Months, Needs
from kpi_engine.ports.facts_of_sites import FactsOfSites

BUILDINGS: Final = ("buildings",)
FLOOR_AREA: Final = FactsOfSites("floor_area", "m2")


class CarrierPerAreaInputs(EnergyOverPeriod):
    """Energy counted by each main meter in kWh, floor areas in m2, the period in seconds."""

    floor_area_m2: SiteFacts


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
        needs=Needs((consumers(carrier, verticals=BUILDINGS),)),
        ports=(FLOOR_AREA,),
        inputs_model=CarrierPerAreaInputs,
        inputs=lambda window: CarrierPerAreaInputs(
            **dict(energy_over(window, carrier)), floor_area_m2=site_facts(window.given(FLOOR_AREA))
        ),
        compute=lambda inputs: inputs.per(inputs.floor_area_m2, "floor_area"),
        months=Months.ADD_UP,
    )
