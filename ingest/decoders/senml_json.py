"""SenML in JSON, application/senml+json (RFC 8428, section 5, read): an array of records, their labels as text."""

from typing import Final

from ingest.decoder import Decoder, Sample
from ingest.limits import DEFAULT, PayloadLimits
from ingest.payloads.document import document
from ingest.senml import pack, plain


def decode(payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return a sample for each record of a pack.

    Raises DecodeError for what is no pack or must not be read, OverLimitError for one with too many records.
    """
    if found := plain.of_json(payload, limits):
        return found
    return pack.samples(document(payload), limits)


DECODER: Final = Decoder(
    "senml_json",
    "SenML in JSON (RFC 8428)",
    frozenset(pack.LABELS),
    decode,
    foreign=True,
    topics=("senml/{gateway}",),
)
