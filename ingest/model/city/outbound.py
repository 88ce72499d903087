"""Which figures a city hands on by itself, over MQTT and Kafka, to programs of others."""

from typing import Annotated

from pydantic import Field, field_validator

from ingest.model.city.open_data import EVERY_INDICATOR, OpenIndicator
from ingest.model.declarations.declaration import Declaration
from ingest.model.declarations.expected import one_of

PERIODS = ("day", "month", "year")


class Outbound(Declaration):
    """Figures of the city and its groups that are published whenever one is revised; ``sites``: of its sites too.

    ``indicators`` by name, or ``*`` for every one; ``periods``: day, month, year.
    """

    indicators: Annotated[tuple[OpenIndicator, ...], Field(min_length=1)]
    periods: Annotated[tuple[str, ...], Field(min_length=1)] = ("month", "year")
    sites: bool = False

    @field_validator("periods")
    @classmethod
    def _known(cls, periods: tuple[str, ...]) -> tuple[str, ...]:
        for period in periods:
            if period not in PERIODS:
                raise ValueError(one_of(PERIODS, period))
        return periods

    def hands_on(self, indicator: str) -> bool:
        """Whether figures of an indicator are handed on."""
        return EVERY_INDICATOR in self.indicators or indicator in self.indicators
