"""What heat stands for where it is delivered: what plants burned, what of it their heat bears, over what arrived.

Fuels are imported statistics of the plants' sites, each weighted by a factor: kg of emissions, or kWh of primary
energy, for each kWh. A plant that generates electricity as well is allocated by the policy that the city chooses. A
factor that changes within the period is weighted by time, between its least and its most.
"""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import product
from math import inf, isfinite
from typing import Annotated, Final

from pydantic import Field, field_validator

from ingest.model.declarations.expected import one_of
from ingest.model.policies import CHP_ALLOCATION
from ingest.model.quantities.carrier import ENERGY_UNIT
from ingest.model.sentences import Sentence
from ingest.wording import first_of
from kpi_engine.boundary.balancing import DELIVERED, SUPPLIED
from kpi_engine.evidence.amounts import LARGEST, MeterAmounts, amounts, bounded, coverage, estimated_share, reason
from kpi_engine.families.fuel_weights import Weight, emission_weight, primary_weight
from kpi_engine.families.heat_networks import ENERGY, of_side
from kpi_engine.families.heat_plants import PLANTS
from kpi_engine.formulas.bounded import Bounded, added, ratio, times
from kpi_engine.formulas.chp_allocation import METHODS, Cogeneration
from kpi_engine.indicator import Better, Entry, Indicator, Inputs, Months, Outcome
from kpi_engine.ports.plant_fuels import POWER_BONUS, GivenFuel, PlantFuels, PlantSite
from kpi_engine.ports.policies import PolicyOf
from kpi_engine.ports.primary_energy import ChosenFactors, PrimaryEnergyFactors
from kpi_engine.window import Window

FUELS: Final = PlantFuels(PLANTS)
BURNED: Final = PlantFuels(PLANTS, has_factors=False)
PRIMARY: Final = PrimaryEnergyFactors()
ALLOCATION: Final = PolicyOf(CHP_ALLOCATION)
EXPECTED: Final = "expected energy, since factors are per kWh"
_NAMED: Final = 3
_WHOLE: Final = Bounded.exact(1.0)

Energy = Annotated[float, Field(ge=0, le=LARGEST)]


class FuelUse(Entry):
    """Energy of one carrier in kWh, between its bounds (themselves where null), and likewise what a kWh stands for.

    Energy or factor is null, and ``missing`` says why, where it is not known.
    """

    carrier: str
    energy_kwh: Energy | None = None
    lower_kwh: Energy | None = None
    upper_kwh: Energy | None = None
    per_kwh: Energy | None = None
    least_per_kwh: Energy | None = None
    most_per_kwh: Energy | None = None
    missing: str | None = None

    @property
    def energy(self) -> Bounded:
        """The energy with its bounds."""
        return _bounded(self.energy_kwh, self.lower_kwh, self.upper_kwh)

    @property
    def factor(self) -> Bounded:
        """The factor with its bounds."""
        return _bounded(self.per_kwh, self.least_per_kwh, self.most_per_kwh)


class PlantUse(Entry):
    """One site with plants: heat fed in by each, what went into them, and the electricity that they generated."""

    site: str
    heat_kwh: MeterAmounts
    fuels: tuple[FuelUse, ...] = ()
    generated: FuelUse | None = None


class ChpAllocation(Entry):
    """By which policy heat and electricity of one plant share what it burned."""

    policy: str
    version: str
    parameters: dict[str, Annotated[float, Field(gt=-300, le=1e6)]] = Field(default_factory=dict)

    @field_validator("policy")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in METHODS:
            raise ValueError(one_of(METHODS, name))
        return name


class FactorSet(Entry):
    """Which published set of factors fuels are weighted by."""

    name: str
    version: str
    source: str


class NetworkInputs(Inputs):
    """The plants of a network by site, and the heat counted by each topmost meter that they reach, in kWh.

    ``factors``: the set that weights are of; null where each fuel has a dated factor, which stands with the figure.
    """

    plants: tuple[PlantUse, ...]
    delivered_kwh: MeterAmounts
    allocation: ChpAllocation
    factors: FactorSet | None = None


def inputs(window: Window) -> NetworkInputs:
    """Select both sides of the network, and what went into its plants with its emission factors in kg/kWh."""
    return _selected(window, [_plant(window, site, emission_weight) for site in window.given(FUELS)])


def primary_inputs(window: Window) -> NetworkInputs:
    """Select the same with the non-renewable primary-energy factors of the set that the city names, in kWh/kWh."""
    chosen, credited = window.given(PRIMARY), window.given(ALLOCATION).name == POWER_BONUS

    def weight(fuel: GivenFuel) -> Weight:
        return primary_weight(fuel, chosen)

    plants = [_plant(window, site, weight, credited=credited) for site in window.given(BURNED)]
    return _selected(window, plants, None if chosen is None else _factor_set(chosen))


def _factor_set(chosen: ChosenFactors) -> FactorSet:
    known, choice = chosen.version, chosen.choice
    source = f"{known.source}; {known.page}" if known else "not published"
    return FactorSet(name=choice.factors, version=choice.version, source=source)


def _selected(window: Window, plants: Sequence[PlantUse], factors: FactorSet | None = None) -> NetworkInputs:
    chosen = window.given(ALLOCATION)
    return NetworkInputs(
        plants=tuple(plants),
        delivered_kwh=of_side(window, DELIVERED),
        factors=factors,
        allocation=ChpAllocation(
            policy=chosen.name, version=chosen.version, parameters=dict(sorted(chosen.parameters.items()))
        ),
    )


def compute(inputs: NetworkInputs) -> Outcome:
    """Return what heat bears over what was delivered; None where a fuel, a factor or an amount is missing."""
    lists = (*(plant.heat_kwh for plant in inputs.plants), inputs.delivered_kwh)
    covered, delivered = coverage(*lists), bounded(inputs.delivered_kwh)
    if not inputs.delivered_kwh or not any(plant.heat_kwh for plant in inputs.plants):
        return Outcome(
            None, covered, None, Sentence("no plant, or no meter that it serves, is registered for this period").of()
        )
    born = added(_born_by_heat(plant, inputs.allocation) for plant in inputs.plants if plant.heat_kwh)
    why = "; ".join(filter(None, [_lacking(inputs.plants), reason(*lists)])) or None
    if delivered.value is None or born.value is None:
        return Outcome(None, covered, None, why)
    if delivered.value <= 0.0:
        return Outcome(None, covered, None, Sentence("no heat was delivered, and nothing can be divided by it").of())
    found = ratio(born, delivered, born.value / delivered.value)
    return Outcome.of(found, covered, estimated_share(*lists), why)


def _born_by_heat(plant: PlantUse, allocation: ChpAllocation) -> Bounded:
    """Return what the the heat of a plant bears: a share of its fuels', and all of its electricity's."""
    if not plant.fuels:
        return Bounded(None)
    burned = [fuel for fuel in plant.fuels if fuel.carrier != "electricity"]
    taken = [times(fuel.energy, fuel.factor) for fuel in plant.fuels if fuel.carrier == "electricity"]
    if burned:
        emitted = added(times(fuel.energy, fuel.factor) for fuel in burned)
        taken.append(times(_share(plant, added(fuel.energy for fuel in burned), emitted, allocation), emitted))
    return added(taken)


def _share(plant: PlantUse, fuel: Bounded, emitted: Bounded, allocation: ChpAllocation) -> Bounded:
    """Return the share that heat bears. Every method moves one way with each amount, so its ends are at theirs."""
    if plant.generated is None:
        return _WHOLE
    power, heat = plant.generated.energy, bounded(plant.heat_kwh)
    known = (fuel.value, power.value, heat.value)
    ends = [(one.lower, one.upper) for one in (fuel, power, heat)]
    if None in known or not all(map(isfinite, (end for pair in ends for end in pair))):
        return Bounded(None)
    factor = emitted.value / fuel.value if emitted.value is not None and fuel.value else None
    credit = plant.generated.per_kwh

    def of(fuel: float, power: float, heat: float) -> float | None:
        if fuel <= 0.0 or heat <= 0.0:
            return None
        plant_of = Cogeneration(fuel, max(power, 0.0), heat, factor, credit)
        return METHODS[allocation.policy](plant_of, allocation.parameters)

    value, corners = of(*(one or 0.0 for one in known)), [of(*corner) for corner in product(*ends)]
    if value is None or any(corner is None for corner in corners):
        return Bounded(value)
    shares = [corner for corner in corners if corner is not None]
    return Bounded(value, min(shares), max(shares)).with_value(value)


def _lacking(plants: Sequence[PlantUse]) -> str | None:
    sentences = [
        f"{plant.site}: {one.missing}"
        for plant in plants
        for one in (*plant.fuels, *([plant.generated] if plant.generated else []))
        if one.missing
    ]
    sentences += [
        f"{plant.site}: nothing is given of what its plants burned (pharos data import)"
        for plant in plants
        if plant.heat_kwh and not plant.fuels
    ]
    return first_of(dict.fromkeys(sentences), _NAMED, "; ") or None


def _plant(
    window: Window, site: PlantSite, weight: Callable[[GivenFuel], Weight], *, credited: bool = True
) -> PlantUse:
    meters = [meter for meter in window.in_role(SUPPLIED) if meter.name in site.plants]
    generated = site.generated
    return PlantUse(
        site=site.site,
        heat_kwh=amounts(meters, ENERGY, window.start, window.end),
        fuels=tuple(_fuel(fuel, weight(fuel)) for fuel in site.fuels),
        generated=None if generated is None else _fuel(generated, weight(generated) if credited else Weight()),
    )


def _fuel(given: GivenFuel, by: Weight) -> FuelUse:
    unit = given.amount.unit
    faults = (*by.faults, *([] if unit in {None, ENERGY_UNIT} else [f"{given.carrier} is given in {unit}; {EXPECTED}"]))
    energy = Bounded(None) if faults else given.amount.amount
    lower, upper = energy.published
    return FuelUse(
        carrier=given.carrier,
        energy_kwh=energy.value,
        lower_kwh=None if lower is None else max(lower, 0.0),
        upper_kwh=upper,
        per_kwh=by.value,
        least_per_kwh=by.least,
        most_per_kwh=by.most,
        missing="; ".join(filter(None, [given.amount.missing, *faults, *by.missing, given.amount.divided])) or None,
    )


def _bounded(value: float | None, lower: float | None, upper: float | None) -> Bounded:
    if value is None:
        return Bounded(None, lower or 0.0, inf if upper is None else upper)
    return Bounded(value, value if lower is None else lower, value if upper is None else upper).with_value(value)


network_indicator: Final = partial(
    Indicator,
    formula="f = sum over plants of (a_h x sum over fuels of E x f_fuel + E_el x f_el) / sum over topmost meters "
    "served of heat, a_h by policy",
    inputs_model=NetworkInputs,
    compute=compute,
    better=Better.LOWER,
    months=Months.SIDE_BY_SIDE,
)
"""What factors of delivered heat share."""
