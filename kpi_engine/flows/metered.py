"""What meters of a city counted, and where each of them stands: all that a picture of its flows is drawn from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kpi_engine.evidence.amounts import MeterAmounts


@dataclass(frozen=True)
class MeterPlace:
    """Where a meter stands: its site, the vertical of that, and whether it is at work for charging or feeds in.

    ``above``: the topmost meter that counts what it counts too; None where it is one itself.
    """

    site: str
    site_title: str
    vertical: str
    is_charger: bool = False
    is_feed_in: bool = False
    is_sun: bool = False
    above: str | None = None


@dataclass(frozen=True)
class MeteredCarrier:
    """Amounts of one carrier [kWh]: of producers, of the topmost meters of consumers, and of charging points.

    ``refused``: why nothing can be said of them, since meters overlap in a way that the city file leaves open.
    """

    carrier: str
    produced: MeterAmounts = ()
    consumed: MeterAmounts = ()
    charged: MeterAmounts = ()
    places: Mapping[str, MeterPlace] = field(default_factory=dict)
    refused: str | None = None
