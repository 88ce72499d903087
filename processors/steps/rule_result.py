"""What a rule about single readings says of a batch."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ingest.reasons import Reason


@dataclass(frozen=True)
class RuleResult:
    """The rows a rule refuses, why, and a sentence for one of them (called for few rows only).

    ``field``: the part of a reading that is at fault; None where it is the value of its quantity.
    """

    refused: npt.NDArray[np.bool_]
    reason: Reason
    detail: Callable[[int], str]
    field: str | None = None
