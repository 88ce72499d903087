"""Whose figures may be public: those of enough sites together, never of one site or device.

The one place that says so; whatever is given to everybody asks here.
"""

from typing import Final

from ingest.model.city.assets import City

LEAST_SITES: Final = 5


def may_be_public(city: City, group: str | None = None) -> bool:
    """Whether figures of a city as a whole, or of one ``group`` of it, are of enough sites that none can be told."""
    if group is None:
        return len(city.sites) >= LEAST_SITES
    members = next((one.members for one in city.groups if one.name == group), ())
    sites = {device.name: device.site for device in city.devices}
    return len({one.site or sites.get(one.device or "") for one in members}) >= LEAST_SITES
