"""The table of known statistics, one row each: unit, kind, and of whom it may speak.

Carriers, sectors and codes follow the sets of indicators that need them (SCIS, CITYkeys, U4SSC, ISO 37120, GPC; all
recalled). Where a fact of the city file has the same name, both have one meaning and one unit.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import Final

from ingest.errors import UnitError
from ingest.model.quantities.units import Conversion, conversion
from kpi_engine.statistics.currencies import CURRENCIES


class StatisticKind(StrEnum):
    """How a value stands in the days it is given for."""

    LEVEL = "level"
    """Holds on each of its days, as a population does."""
    FLOW = "flow"
    """An amount of all of its days, as a bill is: divided evenly by the day where only some of them are asked for."""
    ONE_OFF = "one_off"
    """An amount that is never divided, as an investment is; those given for the same days add up."""


class SubjectKind(StrEnum):
    """Of whom a statistic may speak."""

    CITY = "city"
    SITE = "site"


EVERYWHERE: Final = (SubjectKind.CITY, SubjectKind.SITE)


@dataclass(frozen=True)
class Statistic:
    """One known statistic.

    ``units``: the canonical units, of which each value takes the one of its own dimension. ``least``: no value is less.
    ``is_fuel``: energy of it needs a calorific basis.
    """

    name: str
    title: str
    kind: StatisticKind
    units: tuple[str, ...]
    subjects: tuple[SubjectKind, ...]
    least: float = 0.0
    is_fuel: bool = False

    @property
    def is_money(self) -> bool:
        """Whether it is in a currency, which is never converted."""
        return self.units == CURRENCIES

    @property
    def unit(self) -> str:
        """The canonical units in words."""
        return "currency" if self.is_money else " or ".join(self.units)

    def canonical(self, unit: str) -> tuple[str, Conversion]:
        """Return the canonical unit for values in ``unit``, and the conversion; raises UnitError."""
        if unit in self.units:
            return unit, conversion("1", "1")
        if self.is_money:
            raise UnitError(f"expected a currency ({', '.join(CURRENCIES)}), not {unit!r}")
        faults = []
        for canonical in self.units:
            try:
                return canonical, conversion(unit, canonical)
            except UnitError as error:
                faults.append(str(error))
        raise UnitError(faults[0] if len(set(faults)) == 1 else f"{unit!r} cannot be converted to {self.unit}")


def _level(name: str, title: str, unit: str, *subjects: SubjectKind) -> Statistic:
    return Statistic(name, title, StatisticKind.LEVEL, (unit,), subjects)


def _energy(name: str, title: str, *subjects: SubjectKind) -> Statistic:
    return Statistic(name, title, StatisticKind.FLOW, ("kWh",), subjects)


def _fuel(name: str, title: str) -> Statistic:
    return Statistic(name, title, StatisticKind.FLOW, ("kWh", "kg", "m3"), EVERYWHERE, is_fuel=True)


def _money(name: str, title: str, kind: StatisticKind = StatisticKind.FLOW) -> Statistic:
    """Return a statistic in a currency; credit notes are below zero."""
    return Statistic(name, title, kind, CURRENCIES, EVERYWHERE, least=-inf)


def _emissions(sector: str, title: str, least: float = 0.0) -> Statistic:
    name = f"{sector}_emissions_reported"
    return Statistic(name, title, StatisticKind.FLOW, ("t",), (SubjectKind.CITY,), least)


_TABLE: Final = (
    _level("population", "Population", "1", SubjectKind.CITY),
    _level("households", "Households", "1", *EVERYWHERE),
    _level("land_area", "Area of the municipality", "km2", SubjectKind.CITY),
    _level("floor_area", "Gross floor area", "m2", *EVERYWHERE),
    _level("heated_area", "Heated floor area", "m2", *EVERYWHERE),
    _level("public_building_floor_area", "Floor area of public buildings", "m2", SubjectKind.CITY),
    _level("residential_floor_area", "Floor area of dwellings", "m2", SubjectKind.CITY),
    _level("trench_length", "Trench length of the heat network, twin pipes once", "m", *EVERYWHERE),
    _level("heat_connections", "Buildings connected to the heat network", "1", *EVERYWHERE),
    _level("electricity_connections", "Customers connected to the electricity grid", "1", SubjectKind.CITY),
    _level("smart_electricity_meters", "Customers with a smart electricity meter", "1", SubjectKind.CITY),
    _level("street_length", "Length of lit street", "m", *EVERYWHERE),
    _level("light_points", "Light points", "1", *EVERYWHERE),
    _level("managed_light_points", "Light points under a light-performance management system", "1", *EVERYWHERE),
    _level("refurbished_light_points", "Light points that are refurbished or newly installed", "1", *EVERYWHERE),
    _level("registered_vehicles", "Registered vehicles", "1", SubjectKind.CITY),
    _level("registered_electric_vehicles", "Registered electric vehicles", "1", SubjectKind.CITY),
    _level("charging_points", "Charging points open to the public", "1", *EVERYWHERE),
    _energy("heat_bill", "Heat by the bill", *EVERYWHERE),
    _energy("cooling_bill", "Cooling by the bill", *EVERYWHERE),
    _energy("electricity_bill", "Electricity by the bill", *EVERYWHERE),
    _fuel("gas_bill", "Gas by the bill"),
    _fuel("oil_bill", "Heating oil by the bill"),
    _fuel("wood_bill", "Wood by the bill: logs, chips, pellets"),
    _fuel("plant_gas", "Gas into heat plants"),
    _fuel("plant_oil", "Oil into heat plants"),
    _fuel("plant_coal", "Coal into heat plants"),
    _fuel("plant_peat", "Peat into heat plants"),
    _fuel("plant_wood", "Wood into heat plants"),
    _fuel("plant_biogas", "Biogas into heat plants"),
    _fuel("plant_waste", "Municipal waste into heat plants"),
    _energy("plant_electricity", "Electricity into heat plants: boilers, heat pumps, pumps", *EVERYWHERE),
    _energy("plant_surplus_heat", "Surplus heat of others taken into the heat network", *EVERYWHERE),
    _energy("chp_electricity", "Electricity generated by combined heat and power", *EVERYWHERE),
    _energy("chp_electricity_sold", "Electricity of combined heat and power that was sold", *EVERYWHERE),
    _energy("final_energy_reported", "Final energy of the municipality", SubjectKind.CITY),
    _energy("renewable_energy_reported", "Renewable part of the final energy of the municipality", SubjectKind.CITY),
    _energy("electricity_use_reported", "Electricity used in the municipality", SubjectKind.CITY),
    _energy("residential_electricity_reported", "Electricity used by households", SubjectKind.CITY),
    _energy("residential_heat_reported", "Thermal energy used by households", SubjectKind.CITY),
    _energy("public_building_energy_reported", "Energy used by public buildings", SubjectKind.CITY),
    _energy("street_lighting_energy_reported", "Electricity used by street lighting", SubjectKind.CITY),
    _money("heat_cost", "Cost of heat"),
    _money("electricity_cost", "Cost of electricity"),
    _money("fuel_cost", "Cost of fuels"),
    _money("operation_cost", "Cost of operation and maintenance, without energy"),
    _money("capital_cost", "Annual cost of capital"),
    _money("revenue", "Revenue"),
    _money("investment", "Investment", StatisticKind.ONE_OFF),
    _money("reference_investment", "Investment that would have been made anyway", StatisticKind.ONE_OFF),
    _money("grant", "Grant", StatisticKind.ONE_OFF),
    _emissions("stationary_energy", "Emissions of stationary energy (GPC), CO2 equivalents"),
    _emissions("transport", "Emissions of transport (GPC), CO2 equivalents"),
    _emissions("waste", "Emissions of waste (GPC), CO2 equivalents"),
    _emissions("industry", "Emissions of industrial processes and product use (GPC), CO2 equivalents"),
    _emissions("land_use", "Emissions of agriculture, forestry and land use (GPC), CO2 equivalents", least=-inf),
    _emissions("total", "Emissions of the municipality in all, CO2 equivalents", least=-inf),
)

STATISTICS: Final[dict[str, Statistic]] = {statistic.name: statistic for statistic in _TABLE}
