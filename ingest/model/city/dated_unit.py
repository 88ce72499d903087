"""The unit that a series sends, and since when: a meter may have counted in kWh until March and in MWh since."""

from typing import Annotated

from ingest.model.city.dated import short_form, written_short
from ingest.model.city.validity import Validity


class DatedUnit(Validity):
    """On its days, by the time of each reading, what is sent is in ``unit``."""

    unit: str


DatedUnits = Annotated[tuple[DatedUnit, ...], short_form("unit"), written_short("unit")]
