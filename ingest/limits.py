"""How much one message may hold: what it costs is bounded by its bytes, and what is told of it by these numbers."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

FLATTEST: Final = 3  # levels of nesting that a good message needs: an array of objects that hold objects


@dataclass(frozen=True)
class PayloadLimits:
    """Beyond any of the first four a message is refused whole, in one refusal that names the limit and what was found.

    ``samples``: objects in its array. ``readings``: values in all of them. ``depth``: levels of nesting. ``name``:
    characters of a quantity or a unit. ``told``: refusals of one message that are told one by one; the others are
    summed up by reason.
    """

    samples: int = 10_000
    readings: int = 20_000
    depth: int = 16
    name: int = 255
    told: int = 100

    @cached_property
    def harmless_bytes(self) -> int:
        """How long a payload may be that cannot exceed samples, readings or name, whatever it holds."""
        return min(self.samples, self.readings, self.name)


DEFAULT: Final = PayloadLimits()
