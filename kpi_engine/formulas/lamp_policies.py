"""Named, versioned policies of street lighting against the sun; heights of its centre in degrees, without refraction.

What a policy says never changes: other numbers are another version.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Switching:
    """Lamps are to burn while the sun stands lower than ``below``."""

    name: str
    version: str
    below: float


@dataclass(frozen=True)
class NightAndDay:
    """An hour is night where the sun stands below ``night`` for all of it, and day where it stands above ``day``.

    In between, neither a lamp that burns nor one that is dark is wrong. A lamp that was dark in ``failed_from`` or more
    night hours in a row has failed; who was dark for less may have been switched, or looked at in a bad moment.
    """

    name: str
    version: str
    night: float
    day: float
    failed_from: float


# At 3.4 degrees below the horizon a clear sky gives about 35 lux, a usual threshold of photocells (both recalled).
PHOTOCELL_35_LUX: Final = Switching("photocell-35-lx", "1", -3.4)

# The heights of the alarms of lamps: the end of civil twilight, and a clear sky with thousands of lux.
CIVIL_TWILIGHT: Final = NightAndDay("civil-twilight", "1", night=-6.0, day=5.0, failed_from=2.0)
