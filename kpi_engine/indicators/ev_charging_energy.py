"""Energy charged [kWh]: what charging points delivered to vehicles in the period."""

from typing import Final

from kpi_engine.boundary.final_energy import CHARGERS, consumers
from kpi_engine.families.sum_of_meters import counted_energy, energy_indicator
from kpi_engine.indicator import Better, Needs

INDICATOR: Final = energy_indicator(
    name="ev_charging_energy",
    title="Energy charged to electric vehicles",
    definition="Energy charged [kWh]: what charging points delivered to vehicles in the period, wherever they stand: "
    "one behind the meter of a building counts here as well. Idle points are true zeros. "
    "Points that send records of sessions count each whole in the hour its vehicle was plugged in.",
    formula="E = sum over charging points of (energy register at the end - at the start; or energy of sessions begun)",
    citation="SCIS KPI Guide v2.0, mobility indicators: energy by sector (recalled); OCPP measurand "
    "Energy.Active.Import.Register (recalled)",
    frameworks=("SCIS mobility", "OCPP"),
    needs=Needs((consumers("electricity", device_types=CHARGERS),)),
    inputs=counted_energy("electricity"),
    better=Better.NEITHER,
    boundary="what charging points deliver to vehicles, without their own use and losses before their meters",
)
