"""What a figure makes of a meter that was read before, and not at all in the time that the figure is about."""

from enum import StrEnum


class Missing(StrEnum):
    """How the amount of a missing meter is made up."""

    REFUSE = "refuse"  # it is not: there is no figure without the meter
    SHARE = "share"  # by its share of what all counted in the last 28 days known, times what the others counted now
    EXCLUDE = "exclude"  # the figure is that of the others, as long as the meter is worth 5 % of it at most
