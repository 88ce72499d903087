"""Whether factors may stand in one sum: what they count has to be the same, or what the city declares. Pure."""

from collections.abc import Iterable, Iterator
from typing import Final

from ingest.model.city.assets import City
from ingest.model.city.factor_choice import FactorBoundary
from ingest.wording import first_of
from kpi_engine.factors.factor import EmissionBoundary, Factor, View

NAMED: Final = 4
NOT_STATED: Final = "not stated"


def unfit(city: City, used: Iterable[Factor]) -> Iterator[str]:
    """Yield a sentence for each factor that the sums of a city cannot hold, whatever else stands in them."""
    if city.factor_boundary is not FactorBoundary.SCOPE_2_LOCATION:
        return
    for factor in used:
        needed = f"factor_boundary {FactorBoundary.SCOPE_2_LOCATION} needs"
        named = f"{factor.name} {factor.version}"
        if factor.boundary is not EmissionBoundary.DIRECT:
            yield f"{needed} direct factors; the boundary of {named} is {factor.boundary or NOT_STATED}"
        elif factor.view is View.MARKET:
            yield f"{needed} factors of the place; {named} is of what was bought"


def refusal(city: City, used: Iterable[Factor]) -> str | None:
    """Say why there is no sum of what these factors give; None where there is one."""
    factors = list(dict.fromkeys(used))
    if lacks := list(unfit(city, factors)):
        return first_of(lacks, NAMED, "; ")
    if city.factor_boundary is FactorBoundary.MIXED or len({factor.boundary for factor in factors}) < 2:
        return None
    each = (f"{factor.name} {factor.version} ({factor.boundary or NOT_STATED})" for factor in factors)
    return (
        f"its factors count different emissions: {first_of(each, NAMED)}; expected one boundary, or factor_boundary: "
        "mixed in the city file"
    )
