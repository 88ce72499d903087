"""Heat plants: who feeds heat into networks."""

from typing import Final

from ingest.model.city.device import Direction
from kpi_engine.indicator import Selection

PLANTS: Final = Selection(("heat_energy",), "heat", direction=Direction.PRODUCTION)
BOUNDARY: Final = "Plants at the point where they feed heat into the network"
