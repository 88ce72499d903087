"""A native payload in short: a document, what it is read as, and why its readings are refused."""

import json
from typing import Final

from ingest.decoder import Sample
from ingest.decoders.pharos import decode
from ingest.model.time import MINUTE
from ingest.reasons import Reason

NOON: Final = 1_795_262_400_000_000  # 2026-11-21T12:00:00Z
START: Final = NOON - 40 * MINUTE


def decoded(document: object) -> list[Sample]:
    """Return what a document is read as."""
    return decode(json.dumps(document).encode())


def reasons(sample: Sample) -> list[tuple[Reason, int]]:
    """Return why readings of a sample are refused, and how many for each reason."""
    return [(flaw.reason, flaw.readings) for flaw in sample.flaws]
