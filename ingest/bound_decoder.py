"""The decoder of a binding: one of those that come with Pharos, or the one that its mapping describes."""

from ingest.decoder import Decoder
from ingest.decoders import DECODERS, mapping
from ingest.model.bindings import BoundTopics


def decoder_of(bound: BoundTopics) -> Decoder | None:
    """Return the decoder of a binding, None where this version has none of its name."""
    return DECODERS.get(bound.decoder) if bound.mapping is None else mapping.decoder_of(bound.mapping)
