"""How much one message may hold: what it costs is bounded by its bytes, and what is told of it by these numbers."""

from dataclasses import dataclass, field
from typing import Final

FLATTEST: Final = 3  # levels of nesting that a good message needs: an array of objects that hold objects


@dataclass(frozen=True)
class PayloadLimits:
    """Beyond any of the first four a message is refused whole, in one refusal that names the limit and what was found.

    ``samples``: objects in its array. ``readings``: values in all of them. ``depth``: levels of nesting. ``name``:
    characters of a quantity or a unit. ``told``: refusals of one message that are told one by one; the others are
    summed up by reason. ``harmless_bytes``: how long a payload may be that cannot exceed any of them.
    """

    samples: int = 10_000
    readings: int = 20_000
    depth: int = 16
    name: int = 255
    told: int = 100
    harmless_bytes: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Reckon once what every message asks for."""
        object.__setattr__(self, "harmless_bytes", min(self.samples, self.readings, self.name))


DEFAULT: Final = PayloadLimits()
