"""What a binding says of a service that is asked for readings: by which account, since when, and how often."""

import operator
from typing import Annotated

from pydantic import Field

from ingest.model.declarations.declaration import Day, Declaration, Duration, Name


class Pull(Declaration):
    """How a service is asked for the readings of the devices of a binding.

    ``since``: the first civil day of the city that is asked for. ``every``: the time between two rounds of questions.
    ``again``: how much of what came is asked for again in each round, since values are revised; both are what suits
    the service where left out. ``account``: the name of the file of the installation that holds the secrets.
    """

    since: Day
    every: Annotated[Duration | None, Field(exclude_if=operator.not_)] = None
    again: Annotated[Duration | None, Field(exclude_if=operator.not_)] = None
    account: Annotated[Name | None, Field(exclude_if=operator.not_)] = None
