"""What a kWh of a fuel stands for over a window: emissions by dated factors, or primary energy by a pinned set."""

from dataclasses import dataclass
from math import fsum

from kpi_engine.factors.factor import CalorificBasis
from kpi_engine.ports.plant_fuels import GENERATED, GivenFuel
from kpi_engine.ports.primary_energy import ChosenFactors


@dataclass(frozen=True)
class Weight:
    """What a kWh stands for, between its least and its most; None where that is not known, and ``missing`` says why.

    ``faults``: why the energy as it was given cannot be weighted at all.
    """

    value: float | None = None
    least: float | None = None
    most: float | None = None
    missing: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def emission_weight(fuel: GivenFuel) -> Weight:
    """Return the emissions of a kWh [kg]: the mean over time of the factors that hold, none where one is missing."""
    missing = tuple(one.missing for one in fuel.stretches if one.missing)
    known = [(one.factor, one.end - one.start) for one in fuel.stretches if one.factor is not None]
    basis = fuel.amount.calorific_basis
    faults = tuple(
        f"{fuel.carrier} is given by {basis}, and factor {factor.name} is by {factor.calorific_basis}: expected both "
        "by the same calorific value"
        for factor in dict.fromkeys(factor for factor, _ in known)
        if basis and factor.calorific_basis and factor.calorific_basis is not basis
    )
    if not known or len(known) < len(fuel.stretches):
        return Weight(missing=missing, faults=faults)
    values = [factor.kg_per_kwh for factor, _ in known]
    mean = fsum(factor.kg_per_kwh * length for factor, length in known) / fsum(length for _, length in known)
    return Weight(mean, min(values), max(values), faults=faults)


def primary_weight(fuel: GivenFuel, chosen: ChosenFactors | None) -> Weight:
    """Return the non-renewable primary energy of a kWh [kWh] by the set of a city; fuels by net calorific value."""
    if chosen is None or chosen.version is None:
        return Weight(missing=("no primary-energy factors are published by the name that the city gives",))
    factors = chosen.version.factors
    by_carrier = {**factors.fuels, "electricity": factors.electricity}
    factor = factors.exported_electricity if fuel.statistic == GENERATED else by_carrier.get(fuel.carrier)
    if factor is None:
        return Weight(missing=(f"{chosen.choice.factors} {chosen.choice.version} has no factor of {fuel.carrier}",))
    is_gross = fuel.amount.calorific_basis is CalorificBasis.GCV
    fault = f"{fuel.carrier} is given by GCV; expected NCV, which primary-energy factors are by"
    by = factor.non_renewable
    return Weight(by, by, by, faults=(fault,) if is_gross else ())
