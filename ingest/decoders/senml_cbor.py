"""SenML in CBOR, application/senml+cbor (RFC 8428, section 6, read): the same records, their labels as integers.

Numbers are integers, floats or decimal fractions (tag 4). Other tags have no place in a pack; one is refused, so that
nothing is built of it and no value is shared.
"""

from contextlib import suppress
from decimal import Decimal
from io import BytesIO
from typing import Final, NoReturn

import cbor2

from ingest.decoder import Decoder, Sample
from ingest.errors import DecodeError
from ingest.limits import DEFAULT, PayloadLimits
from ingest.senml import pack, plain

LABELS: Final = {
    -6: "bs",
    -5: "bv",
    -4: "bu",
    -3: "bt",
    -2: "bn",
    -1: "bver",
    0: "n",
    1: "u",
    2: "v",
    3: "vs",
    4: "vb",
    5: "s",
    6: "t",
    7: "ut",
    8: "vd",
}
_SELF_DESCRIBED: Final = b"\xd9\xd9\xf7"  # tag 55799 only says that CBOR follows
# What the library knows to build but for 4, the decimal fraction.
_BUILT: Final = (0, 1, 2, 3, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261, 1004, 43000)


def decode(payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return a sample for each record of a pack.

    Raises DecodeError for what is no pack or must not be read, OverLimitError for one with too many records.
    """
    found = _document(payload.removeprefix(_SELF_DESCRIBED), limits)
    if not isinstance(found, list):
        return pack.samples(found, limits)
    records = [_labelled(record) for record in found]
    return plain.of_records(records, limits) or pack.samples(records, limits)


def _document(payload: bytes, limits: PayloadLimits) -> object:
    reader = cbor2.CBORDecoder(
        BytesIO(payload),
        tag_hook=_no_tag,
        semantic_decoders=_NO_TAGS,
        max_depth=limits.depth,
        allow_duplicate_keys=False,
    )
    try:
        found: object = reader.decode()
    except cbor2.CBORDecodeError as error:
        raise DecodeError(f"expected CBOR of a SenML pack: {error}") from error
    with suppress(cbor2.CBORDecodeEOF):
        reader.read(1)
        raise DecodeError("expected one CBOR item, found more bytes after it")
    return found


def _no_tag(_value: object, _immutable: bool) -> NoReturn:
    raise ValueError("SenML knows no tags but decimal fractions")


_NO_TAGS: Final = dict.fromkeys(_BUILT, _no_tag)


def _labelled(record: object) -> object:
    """Return a record by its labels as text, with floats for decimal fractions."""
    if not isinstance(record, dict):
        return record
    return {
        LABELS.get(label, label): float(value) if type(value) is Decimal else value for label, value in record.items()
    }


DECODER: Final = Decoder("senml_cbor", "SenML in CBOR (RFC 8428)", frozenset(pack.LABELS), decode, foreign=True)
