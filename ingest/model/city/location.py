"""Where sites are and what a city looks like on a map: positions and outlines, as GeoJSON has them (RFC 7946).

A position is longitude and latitude, in this order, in degrees of WGS 84.
"""

from collections.abc import Iterator
from math import cos, hypot, radians
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field

if TYPE_CHECKING:
    from ingest.model.city.assets import City

Longitude = Annotated[float, Field(ge=-180.0, le=180.0, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90.0, le=90.0, allow_inf_nan=False)]
Position = tuple[Longitude, Latitude]
Outline = Annotated[tuple[Position, ...], Field(min_length=3, max_length=2_000)]
"""The corners of one area, in either direction; the last one may repeat the first."""

FARTHEST: Final = 200.0  # km from the place of the city; a position with its numbers exchanged is nearly always farther
_KM: Final = 111.2  # of a degree of latitude


def faults(city: "City") -> Iterator[tuple[str, str]]:
    """Yield positions that are nowhere near the city, where its file states where that is."""
    stated = {fact.name: fact.value for fact in city.facts}
    if "latitude" not in stated or "longitude" not in stated:
        return
    centre = stated["longitude"], stated["latitude"]
    places = [("outline", city.outline)]
    for index, site in enumerate(city.sites):
        places.append((f"sites[{index}].location", (site.location,) if site.location else None))
        places.append((f"sites[{index}].outline", site.outline))
    for key, positions in places:
        far = max((_distance(centre, one) for one in positions or ()), default=0.0)
        if far > FARTHEST:
            yield (
                key,
                (
                    f"expected longitude and latitude, in this order, within {FARTHEST:g} km of the latitude and "
                    f"longitude that the city states, not {far:,.0f} km from there"
                ),
            )


def _distance(one: Position, other: Position) -> float:
    """Return about how far two positions are apart [km]: exact enough to tell a slip."""
    east = abs(one[0] - other[0])
    return _KM * hypot(min(east, 360.0 - east) * cos(radians(one[1])), one[1] - other[1])
