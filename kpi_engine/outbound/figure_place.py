"""The one place that a figure has, whatever its revision: whose, which indicator, which civil period. Pure.

By the civil label of the period, not by its instant: where a city changes its zone, the month takes the place of the
month of before.
"""

from dataclasses import dataclass
from typing import Final

from ingest.model.city.assets import City
from ingest.topics import FIGURES
from kpi_engine.export.period_labels import period_label
from kpi_engine.figures.store import KnownFigure

ENTITY_TYPE: Final = "KeyPerformanceIndicator"


@dataclass(frozen=True)
class FigurePlace:
    """Where a figure stands: ``kind`` is city, site or group, ``subject`` its name, ``label`` as 2026 or 2026-10."""

    city: str
    kind: str
    subject: str
    kpi: str
    period: str
    label: str

    @classmethod
    def of(cls, figure: KnownFigure, city: City) -> "FigurePlace":
        """Return the place of a figure of a city."""
        kind = "site" if figure.site else "group" if figure.group else "city"
        subject = figure.site or figure.group or city.name
        label = period_label(figure.period_start, figure.period, city.timezone)
        return cls(city.name, kind, subject, figure.kpi, figure.period, label)

    @property
    def key(self) -> str:
        """The parts with a slash between, as a key of Kafka has them."""
        return "/".join((self.city, self.kind, self.subject, self.kpi, self.period, self.label))

    @property
    def topic(self) -> str:
        """The topic of MQTT: eight levels, whatever the subject."""
        return f"{FIGURES}/{self.key}"

    @property
    def urn(self) -> str:
        """The id of its entity."""
        return f"urn:ngsi-ld:{ENTITY_TYPE}:{self.key.replace('/', ':')}"
