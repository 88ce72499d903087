"""Energy utilisation of charging points [%]: energy charged over what the points could have delivered."""

from math import fsum
from typing import Final

from kpi_engine.boundary.final_energy import consumers, energy
from kpi_engine.evidence.amounts import MeterAmounts, bounded, coverage, estimated_share, reason
from kpi_engine.families.charging_load import RATED_POWER, RatedPoint, over_rated, rated_indicator, rated_points
from kpi_engine.indicator import Better, Inputs, Months, Needs, Outcome
from kpi_engine.window import Window


class EnergyUtilisationInputs(Inputs):
    """Energy counted by each charging point in kWh, and its rated power while it stood."""

    energy_kwh: MeterAmounts
    rated: tuple[RatedPoint, ...]


def inputs(window: Window) -> EnergyUtilisationInputs:
    """Select the energy and the power of the charging points."""
    rated = rated_points(window.given(RATED_POWER))
    return EnergyUtilisationInputs(energy_kwh=energy(window, "electricity"), rated=rated)


def compute(inputs: EnergyUtilisationInputs) -> Outcome:
    """Return energy over rated power times hours, sum over sum."""
    counted = inputs.energy_kwh
    whole = Outcome.of(bounded(counted), coverage(counted), estimated_share(counted), reason(counted))
    possible = fsum((one.kw or 0.0) * one.seconds / 3600.0 for one in inputs.rated)
    return over_rated(whole, inputs.rated, possible)


INDICATOR: Final = rated_indicator(
    name="ev_energy_utilisation",
    title="Charging points: energy of what is possible",
    definition="Energy charged over what the charging points could have delivered in the period [%]: rated power, "
    "which the city file states as rated_power of the site of each point (of one point), times the hours in which the "
    "point stood. Without the power of a point there is no figure.",
    formula="u = sum over points of E / sum over points of (P_rated x hours)",
    citation="Energy utilisation as energy over rated power times hours, common practice of charging operators "
    "(recalled)",
    needs=Needs((consumers("electricity", device_types=("charging_point",)),)),
    inputs_model=EnergyUtilisationInputs,
    inputs=inputs,
    compute=compute,
    ports=(RATED_POWER,),
    better=Better.HIGHER,
    months=Months.SIDE_BY_SIDE,
)
