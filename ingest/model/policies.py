"""The table of policies: how a figure is reckoned where standards leave a choice, each named, versioned and sourced.

A city file chooses one of each kind (``policies``); where it says nothing, the first one of the kind holds. A version
changes whenever the same amounts may give another result.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True)
class Policy:
    """One way to reckon, its ``parameters``, and where both come from; ``trap``: what it is easily taken for."""

    kind: str
    name: str
    title: str
    source: str
    parameters: Mapping[str, float] = field(default_factory=dict, hash=False)
    version: str = "1"
    trap: str = ""


RETURN_REFERENCE: Final = "return_reference"
CHP_ALLOCATION: Final = "chp_allocation"
BILLS_AND_METERS: Final = "bills_and_meters"

_MAUCH: Final = "Mauch et al. 2010, Energiewirtschaftliche Tagesfragen 55(9), as in oemof-thermal (read there)"
_EU_REFERENCES: Final = "reference efficiencies of the example of oemof-thermal (read)"

_TABLE: Final = (
    Policy(
        RETURN_REFERENCE,
        "return_40",
        "Water should return with 40 degC",
        "worked example of excess flow, 80/40 degC; a usual design value of substations (recalled)",
        {"degc": 40.0},
    ),
    *(
        Policy(
            RETURN_REFERENCE,
            f"return_{degc}",
            f"Water should return with {degc} degC",
            "the reference of one's own tariff or connection rules, in steps of 5 K",
            {"degc": float(degc)},
        )
        for degc in (25, 30, 35, 45, 50, 55)
    ),
    Policy(
        CHP_ALLOCATION,
        "energy",
        "Energy method (IEA): by the energy of both products",
        _MAUCH,
        trap="A kWh of electricity counts as one of heat, so heat bears most.",
    ),
    Policy(
        CHP_ALLOCATION,
        "efficiency",
        "Efficiency method (German): each product bears what the other one's efficiency is",
        _MAUCH,
        trap="GHG Protocol calls another one the efficiency method: that is ghg_protocol here.",
    ),
    Policy(
        CHP_ALLOCATION,
        "alternative_generation",
        "Alternative generation (Finnish): by the fuel that separate plants would have burned",
        f"{_MAUCH}; {_EU_REFERENCES}",
        {"heat_efficiency": 0.82, "electricity_efficiency": 0.525},
        trap="References differ by fuel and year; in Finland 0.90 and 0.39 are usual (recalled).",
    ),
    Policy(
        CHP_ALLOCATION,
        "ghg_protocol",
        "Efficiency method of GHG Protocol: as alternative generation, with its default efficiencies",
        "GHG Protocol, Allocation of GHG emissions from a CHP plant, 2006 (recalled); defaults 0.80 and 0.35 as "
        "printed by greencalculus (read)",
        {"heat_efficiency": 0.80, "electricity_efficiency": 0.35},
        trap="What oemof calls the efficiency method is another one: that is efficiency here.",
    ),
    Policy(
        CHP_ALLOCATION,
        "exergy",
        "Exergy method (Carnot): heat counts with what work it could do",
        "EN 15316-4-5 and VDI 4608, Carnot method (recalled); temperatures are assumed: heat of 80 over 10 degC",
        {"heat_degc": 80.0, "surroundings_degc": 10.0},
        trap="Temperatures decide it: those of the heat fed in, as a mean of supply and return, are to be taken.",
    ),
    Policy(
        CHP_ALLOCATION,
        "heat_200",
        "200 % method (Danish): heat bears its energy over 2.00",
        "Danish order on billing as amended, as published by fjernvarmefyn.dk (read)",
        {"heat_efficiency": 2.00},
        trap="Not the 125 % method of before; its emissions are CO2 equivalents.",
    ),
    Policy(
        CHP_ALLOCATION,
        "heat_125",
        "125 % method (Danish, of before): heat bears its energy over 1.25",
        "Danish declarations before the 200 % method (recalled)",
        {"heat_efficiency": 1.25},
        trap="Heat can bear more than all fuel where its efficiency exceeds 125 %.",
    ),
    Policy(
        CHP_ALLOCATION,
        "residual_heat",
        "Residual heat: electricity bears what a power plant would have burned, heat the rest",
        f"EN ISO 52000-1, ISO/TR 52000-2 example J7 (form as in cteepbd, recalled); {_EU_REFERENCES}",
        {"electricity_efficiency": 0.525},
        trap="Heat comes out below nothing where the plant makes electricity better than the reference.",
    ),
    Policy(
        CHP_ALLOCATION,
        "power_bonus",
        "Power bonus: electricity is credited with the factor of the grid, heat bears the rest",
        "EN 15316-4-5 (recalled)",
        trap="Heat comes out below nothing where the credit exceeds the fuel; cut at 0 only if a scheme says so.",
    ),
    *(
        Policy(BILLS_AND_METERS, name, title, "a rule of this project")
        for name, title in (
            ("meters_first", "Meters count on a day of which they speak, bills on the others"),
            ("bills_first", "Bills count on their days, meters on the others"),
            ("refuse", "On a day of which both speak neither counts, and there is no amount"),
        )
    ),
)

POLICIES: Final[Mapping[str, Mapping[str, Policy]]] = {
    kind: {one.name: one for one in _TABLE if one.kind == kind} for kind in dict.fromkeys(one.kind for one in _TABLE)
}


def policy(kind: str, name: str | None = None) -> Policy:
    """Return the policy of a kind called ``name``; None: the one that holds where nothing is chosen."""
    every = POLICIES[kind]
    return next(iter(every.values())) if name is None else every[name]
