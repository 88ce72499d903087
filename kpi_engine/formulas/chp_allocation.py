"""Which share of a cogeneration plant's fuel, emissions or primary energy its heat bears, by nine methods.

With fuel F, electricity W and heat Q over one period: eta_e = W/F, eta_h = Q/F. Every method is a policy of
ingest/model/policies.py, which has its parameters, its source and what it is easily taken for. Shares above 1 or below
0 are what some methods give, and are not cut.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from ingest.model.policies import Policy

KELVIN: Final = 273.15  # at 0 degC


@dataclass(frozen=True)
class Cogeneration:
    """Fuel, electricity and heat of one plant in one period and one unit of energy; fuel and heat are above 0.

    ``fuel_factor`` and ``electricity_factor``: what a unit of either stands for (emissions, primary energy), in one
    unit; None where not known.
    """

    fuel: float
    electricity: float
    heat: float
    fuel_factor: float | None = None
    electricity_factor: float | None = None


def heat_share(policy: Policy, plant: Cogeneration) -> float | None:
    """Return the share that heat bears by a policy of kind chp_allocation; None: it takes factors not known."""
    return METHODS[policy.name](plant, policy.parameters)


def _energy(plant: Cogeneration, _: Mapping[str, float]) -> float:
    """eta_h / (eta_e + eta_h)."""
    return plant.heat / (plant.electricity + plant.heat)


def _efficiency(plant: Cogeneration, _: Mapping[str, float]) -> float:
    """eta_e / (eta_e + eta_h)."""
    return plant.electricity / (plant.electricity + plant.heat)


def _separate_generation(plant: Cogeneration, given: Mapping[str, float]) -> float:
    """(eta_h / eta_h,ref) / (eta_e / eta_e,ref + eta_h / eta_h,ref)."""
    heat = plant.heat / given["heat_efficiency"]
    return heat / (plant.electricity / given["electricity_efficiency"] + heat)


def _exergy(plant: Cogeneration, given: Mapping[str, float]) -> float:
    """eta_c eta_h / (eta_e + eta_c eta_h), eta_c = 1 - T_0 / T_h in kelvin."""
    carnot = 1.0 - (given["surroundings_degc"] + KELVIN) / (given["heat_degc"] + KELVIN)
    return carnot * plant.heat / (plant.electricity + carnot * plant.heat)


def _heat_efficiency(plant: Cogeneration, given: Mapping[str, float]) -> float:
    """Q / (eta F), with an efficiency of 2.00 or 1.25."""
    return plant.heat / (given["heat_efficiency"] * plant.fuel)


def _residual_heat(plant: Cogeneration, given: Mapping[str, float]) -> float:
    """1 - eta_e / eta_e,ref."""
    return 1.0 - plant.electricity / (given["electricity_efficiency"] * plant.fuel)


def _power_bonus(plant: Cogeneration, _: Mapping[str, float]) -> float | None:
    """1 - W f_el / (F f_F)."""
    if plant.electricity == 0.0:
        return 1.0
    if plant.electricity_factor is None or not plant.fuel_factor:
        return None
    return 1.0 - plant.electricity * plant.electricity_factor / (plant.fuel * plant.fuel_factor)


METHODS: Final[Mapping[str, Callable[[Cogeneration, Mapping[str, float]], float | None]]] = {
    "energy": _energy,
    "efficiency": _efficiency,
    "alternative_generation": _separate_generation,
    "ghg_protocol": _separate_generation,
    "exergy": _exergy,
    "heat_200": _heat_efficiency,
    "heat_125": _heat_efficiency,
    "residual_heat": _residual_heat,
    "power_bonus": _power_bonus,
}
