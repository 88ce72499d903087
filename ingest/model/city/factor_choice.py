"""Which published emission factor the figures of a city use for a carrier, and since when."""

from typing import Annotated

from ingest.model.city.dated import short_form, written_short
from ingest.model.city.validity import Validity


class FactorChoice(Validity):
    """On its days, the emissions of a carrier are computed by the published ``factor``, a name."""

    factor: str


FactorChoices = Annotated[tuple[FactorChoice, ...], short_form("factor"), written_short("factor")]
