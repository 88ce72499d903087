"""Whose figures may be public: those of enough sites together, and of them what evaluators see of households too.

The one place that says so; whatever is given to everybody asks here.
"""

from typing import Final

from ingest.model.city.assets import City
from kpi_engine.privacy.shown_figures import ShownFigures
from kpi_engine.privacy.viewing import Viewing
from processors.storage.database import Connection

LEAST_SITES: Final = 5


def may_be_public(city: City, group: str | None = None) -> bool:
    """Whether figures of a city as a whole, or of one ``group`` of it, are of enough sites that none can be told."""
    if group is None:
        return len(city.sites) >= LEAST_SITES
    members = next((one.members for one in city.groups if one.name == group), ())
    sites = {device.name: device.site for device in city.devices}
    return len({one.site or sites.get(one.device or "") for one in members}) >= LEAST_SITES


def shown_to_everybody(connection: Connection, now: int) -> ShownFigures:
    """Return what takes figures out that single out households; ``now`` in microseconds."""
    return ShownFigures(Viewing(connection, now, is_limited=True))
