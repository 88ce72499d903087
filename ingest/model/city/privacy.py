"""What a city decides for its households: of how many a figure must be, at least, that evaluators see."""

from typing import Final

from pydantic import Field

from ingest.model.declarations.declaration import Declaration

USUAL_MINIMUM: Final = 5


class Privacy(Declaration):
    """The threshold of disclosure control: groups, and all that they leave over of each other, are of no fewer."""

    minimum_households: int = Field(default=USUAL_MINIMUM, ge=2, le=10_000)


USUAL: Final = Privacy()
