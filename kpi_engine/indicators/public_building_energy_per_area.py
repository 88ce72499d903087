"""Energy of public buildings per floor area in public use [kWh/m2]."""

from typing import Final

from pydantic import Field

from kpi_engine.boundary.final_energy import consumers, energy
from kpi_engine.evidence.amounts import LONGEST, MeterAmounts, coverage, estimated_share, reason
from kpi_engine.families.building_intensity import BUILDINGS
from kpi_engine.families.intensity import SiteFact, SiteFacts, outcome_per, site_facts, time_mean, unstated
from kpi_engine.formulas.bounded import added
from kpi_engine.indicator import Better, Indicator, Inputs, Months, Needs, Outcome, SiteFactNeed
from kpi_engine.ports.facts import FactOf, Facts
from kpi_engine.window import Window

SHARE: Final = Facts("public_share", "1", FactOf.DEVICES, is_needed=True)
PUBLIC_AREA: Final = Facts(
    "floor_area", "m2", FactOf.SITES, verticals=BUILDINGS, times=SiteFactNeed("public_share", "1")
)


class PublicBuildingInputs(Inputs):
    """Heat and electricity counted by each main meter in kWh, and how much of its building is public, by meter.

    ``public_area_m2``: floor area times the share in public use, by site; the period in seconds.
    """

    energy_kwh: MeterAmounts
    public_share: SiteFacts
    public_area_m2: SiteFacts
    seconds: float = Field(ge=1e-6, le=LONGEST)


def inputs(window: Window) -> PublicBuildingInputs:
    """Select the main meters of both carriers, and how public their buildings are."""
    counted = (*energy(window, "heat"), *energy(window, "electricity"))
    meters, shares = {one.meter for one in counted}, site_facts(window.given(SHARE))
    return PublicBuildingInputs(
        energy_kwh=counted,
        public_share=tuple(one for one in sorted(shares, key=lambda one: one.site) if one.site in meters),
        public_area_m2=site_facts(window.given(PUBLIC_AREA)),
        seconds=window.seconds,
    )


def compute(inputs: PublicBuildingInputs) -> Outcome:
    """Return the public part of the energy over the public area, sum over sum."""
    every, covered = [inputs.energy_kwh], coverage(inputs.energy_kwh)
    shares: dict[str, list[SiteFact]] = {}
    for share in inputs.public_share:
        shares.setdefault(share.site, []).append(share)
    lacking = [one.meter for one in inputs.energy_kwh if one.meter not in shares]
    why = unstated(inputs.public_share, "public_share")
    if why or lacking:
        why = why or f"public_share is not given for {lacking[0]}"
        return Outcome(None, covered, None, "; ".join(filter(None, [why, reason(*every)])))
    public = added(one.bounded.scaled(time_mean(shares[one.meter])) for one in inputs.energy_kwh)
    whole = Outcome.of(public, covered, estimated_share(*every), reason(*every))
    return outcome_per(whole, inputs.public_area_m2, inputs.seconds, "floor_area in public use")


INDICATOR: Final = Indicator(
    name="public_building_energy_per_area",
    title="Energy of public buildings per floor area",
    unit="kWh/m2",
    definition="Heat and electricity delivered to public buildings per floor area in public use [kWh/m2]: main meters "
    "only, each weighed by the fact public_share of its site (0 to 1), over floor area times public_share. Both are "
    "weighted by time where they change. Every building with a meter has to say how public it is, 0 included: what is "
    "not stated leaves no figure. Self-used electricity of photovoltaics does not pass the main meter.",
    formula="E = sum over main meters of (energy x public_share) / sum over sites of (floor_area x public_share)",
    citation="U4SSC EN: E: E: 4A public building energy consumption, ekWh/(m2.a) (name and unit read, formula "
    "recalled)",
    frameworks=("U4SSC EN: E: E: 4A", "ISO 37120 7 public buildings"),
    better=Better.LOWER,
    boundary="Energy delivered at the main meters of buildings, their public part",
    needs=Needs((consumers("heat", verticals=BUILDINGS), consumers("electricity", verticals=BUILDINGS))),
    inputs_model=PublicBuildingInputs,
    inputs=inputs,
    compute=compute,
    ports=(SHARE, PUBLIC_AREA),
    months=Months.ADD_UP,
)
