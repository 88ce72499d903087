"""Energy charged [kWh]: what charging points delivered to vehicles in the period."""

from typing import Final

from kpi_engine.amounts import MeterAmounts
from kpi_engine.energy import CHARGERS, consumers, energy
from kpi_engine.indicator import Better, Indicator, Inputs, Months, Needs, Outcome
from kpi_engine.sum_of_meters import sum_of_meters
from kpi_engine.window import Window


class ChargingEnergyInputs(Inputs):
    """Electricity counted by each charging point, in kWh."""

    energy_kwh: MeterAmounts


def inputs(window: Window) -> ChargingEnergyInputs:
    """Select the energy registers of the charging points."""
    return ChargingEnergyInputs(energy_kwh=energy(window, "electricity"))


def compute(inputs: ChargingEnergyInputs) -> Outcome:
    """Return the sum over the charging points."""
    return sum_of_meters(inputs.energy_kwh)


INDICATOR: Final = Indicator(
    name="ev_charging_energy",
    title="Energy charged to electric vehicles",
    unit="kWh",
    definition="Energy charged [kWh]: what charging points delivered to vehicles in the period, wherever they stand: "
    "one behind the meter of a building counts here as well. Idle points are true zeros. "
    "Points that send records of sessions count each whole in the hour its vehicle was plugged in.",
    formula="E = sum over charging points of (energy register at the end - at the start; or energy of sessions begun)",
    citation="SCIS KPI Guide v2.0, mobility indicators: energy by sector (recalled); OCPP measurand "
    "Energy.Active.Import.Register (recalled)",
    frameworks=("SCIS mobility", "OCPP"),
    needs=Needs((consumers("electricity", device_types=CHARGERS),)),
    inputs_model=ChargingEnergyInputs,
    inputs=inputs,
    compute=compute,
    is_sum=True,
    better=Better.NEITHER,
    boundary="what charging points deliver to vehicles, without their own use and losses before their meters",
    months=Months.ADD_UP,
)
