"""OCPP 1.6 and 2.0.1 (JSON) as a back end forwards it: what a charging station told of its connectors.

OCPP-J frames ``[2, id, action, payload]``, objects with ``action`` and ``payload``, or the payload alone. Read are
MeterValues, StatusNotification, StartTransaction, StopTransaction and TransactionEvent (checked against the schemas
of the package ``ocpp``, MIT; what the fields mean is recalled from OCPP 1.6 edition 2 and 2.0.1 edition 3). Other
messages hold no reading.

A device is a connector of OCPP 1.6, an EVSE of 2.0.1: ``STATION:1``, or ``:1`` where the payload does not name the
station. A message of a transaction that names neither is of ``STATION:``, the only one that the station has.
"""

from collections.abc import Callable
from typing import Any, Final

from ingest.decoder import Decoder, Sample
from ingest.decoders.ocpp import meter_values, statuses, transactions
from ingest.decoders.ocpp.envelope import opened
from ingest.decoders.ocpp.meter_values import REGISTER
from ingest.errors import OverLimitError
from ingest.limits import DEFAULT, PayloadLimits
from ingest.payloads.document import document


def decode(payload: bytes, limits: PayloadLimits = DEFAULT) -> list[Sample]:
    """Return the samples of one message, an empty one of a message that holds no reading.

    Raises DecodeError where it is no message of OCPP, OverLimitError where it holds more than a message may.
    """
    message = opened(document(payload))
    samples = _READ[message.action](message.station, message.payload) if message.action in _READ else []
    if len(payload) > limits.harmless_bytes:
        _check(samples, limits)
    return samples or [Sample(None, {}, device=message.station or None)]


def _check(samples: list[Sample], limits: PayloadLimits) -> None:
    """Raise OverLimitError where a message holds more than it may."""
    readings = longest = 0
    for one in samples:
        readings += len(one.values) + len(one.texts)
        longest = max(longest, *map(len, (one.device or "", *one.values, *one.texts, *one.units.values())))
    for what, count, limit in (
        ("samples", len(samples), limits.samples),
        ("readings", readings, limits.readings),
        ("characters in a name", longest, limits.name),
    ):
        if count > limit:
            raise OverLimitError(what, count, limit, len(samples))


_READ: Final[dict[str, Callable[[str, dict[str, Any]], list[Sample]]]] = {
    "MeterValues": meter_values.of_message,
    "StatusNotification": statuses.of_message,
    "StartTransaction": transactions.of_start,
    "StopTransaction": transactions.of_stop,
    "TransactionEvent": transactions.of_event,
}

DECODER: Final = Decoder(
    name="ocpp",
    title="OCPP 1.6 and 2.0.1",
    keys=frozenset({"action", "payload", "connectorId", "evseId", "evse", "timestamp", "meterValue", "sampledValue"}),
    decode=decode,
    meanings={
        REGISTER: "electricity_energy",
        "meterStart": "electricity_energy",
        "meterStop": "electricity_energy",
        "Power.Active.Import": "electricity_power",
        "transaction": "plugged_in",
        "status": "connector_status",
        "connectorStatus": "connector_status",
        "transactionInfo.chargingState": "connector_status",
    },
    foreign=True,
    topics=("ocpp/{device}/up/request/{action}/{id}",),
)
