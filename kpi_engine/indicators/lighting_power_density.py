"""PDI [W/(lx.m2)]: power of street lighting over the light that it is to bring to its area."""

from math import fsum
from typing import Final

from ingest.model.calendar import Period
from ingest.wording import first_of
from kpi_engine.families.lit_areas import PORTS, LitArea, lit_areas
from kpi_engine.formulas.time_share import covered
from kpi_engine.indicator import Better, Indicator, Inputs, Outcome
from kpi_engine.window import Window

WATTS: Final = 1000.0  # in a kW
UNSTATED: Final = "not all of system_power, illuminance and lit_area are stated"
_NAMED: Final = 3


class PowerDensityInputs(Inputs):
    """Power, illuminance and lit area of each installation."""

    areas: tuple[LitArea, ...]


def inputs(window: Window) -> PowerDensityInputs:
    """Select the installations of the window."""
    return PowerDensityInputs(areas=lit_areas(window))


def compute(inputs: PowerDensityInputs) -> Outcome:
    """Return power over the sum of illuminance times area, each weighted by its time."""
    stated = [one for one in inputs.areas if one.is_stated]
    share = covered([one.seconds for one in stated], [one.seconds for one in inputs.areas])
    if len(stated) < len(inputs.areas) or not inputs.areas:
        lacking = dict.fromkeys(f"{one.site}: {one.missing or UNSTATED}" for one in inputs.areas if not one.is_stated)
        return Outcome(None, share, None, first_of(lacking, _NAMED, "; ") or "no lighting stands in this period")
    flux = fsum(one.luminous_flux * one.seconds for one in stated)
    if flux <= 0.0:
        return Outcome(None, share, None, "illuminance times lit area is 0 in sum, and nothing can be divided by it")
    power = WATTS * fsum((one.system_power_kw or 0.0) * one.seconds for one in stated)
    value = power / flux
    return Outcome(value, share, None, None, value, value)


INDICATOR: Final = Indicator(
    name="lighting_power_density",
    title="Power density of street lighting (PDI)",
    unit="W/(lx.m2)",
    definition="Power of street lighting over the illuminance of its areas [W/(lx.m2)]: how much power the light "
    "takes that the installation is to bring, at full level. All three are facts of each site of vertical "
    "smart_lighting with a meter: system_power (lamps, drivers and controls), illuminance (maintained mean) and "
    "lit_area, weighted by time where they change. A site that does not state all three leaves no figure. Nothing of "
    "it is measured: how long and at which level it burns is in lighting_annual_energy_indicator, beside which it is "
    "to be read.",
    formula="D_P = sum over sites of P / sum over sites of (E x A)",
    citation="EN 13201-5:2015, power density indicator D_P = P / sum(E_i A_i); P with the power of controls (Annex D "
    "read in part; formula read in code that implements it)",
    frameworks=("EN 13201-5 (D_P)",),
    better=Better.LOWER,
    boundary="the installations as the city file states them, controls included",
    inputs_model=PowerDensityInputs,
    inputs=inputs,
    compute=compute,
    periods=(Period.MONTH, Period.YEAR),
    ports=PORTS,
)
