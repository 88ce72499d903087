"""The table of policies: how a figure is reckoned where standards leave a choice, each named, versioned and sourced.

A city file chooses one of each kind (``policies``); where it says nothing, the first one of the kind holds. A version
changes whenever the same amounts may give another result.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True)
class Policy:
    """One way to reckon: its ``parameters``, each named after its unit, and where they come from."""

    kind: str
    name: str
    title: str
    source: str
    parameters: Mapping[str, float] = field(default_factory=dict, hash=False)
    version: str = "1"


RETURN_REFERENCE: Final = "return_reference"

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
)

POLICIES: Final[Mapping[str, Mapping[str, Policy]]] = {
    kind: {one.name: one for one in _TABLE if one.kind == kind} for kind in dict.fromkeys(one.kind for one in _TABLE)
}


def policy(kind: str, name: str | None = None) -> Policy:
    """Return the policy of a kind called ``name``; None: the one that holds where nothing is chosen."""
    every = POLICIES[kind]
    return next(iter(every.values())) if name is None else every[name]
