"""The periods that figures are computed for; hours are those of rollups."""

from enum import StrEnum

from ingest.model.calendar import Period


class FigurePeriod(StrEnum):
    """A civil day, month or year."""

    DAY = Period.DAY.value
    MONTH = Period.MONTH.value
    YEAR = Period.YEAR.value
