"""Transactions: the register as they start and stop, meter values between, and the charging state of OCPP 2.0.1.

``transaction`` is a field of our own: 1 from the start of a transaction on, 0 from its end on. It may stand for
``plugged_in`` where a charger does not tell its status.
"""

from typing import Any, Final

import msgspec

from ingest.decoder import Sample
from ingest.decoders.ocpp import meter_values
from ingest.decoders.ocpp.connectors import connector, not_a_number, number_of, sample, whole
from ingest.decoders.ocpp.statuses import charging_state

TRANSACTION: Final = "transaction"
_STATE: Final = "transactionInfo.chargingState"
_ENDED: Final = "Ended"


def of_start(station: str, payload: dict[str, Any]) -> list[Sample]:
    """Return what a StartTransaction tells: the register of its connector."""
    device = connector(station, payload.get("connectorId"))
    return [_edge(device, payload, "meterStart", 1.0)]


def of_stop(station: str, payload: dict[str, Any]) -> list[Sample]:
    """Return what a StopTransaction tells; of which connector it is, its schema does not say, but a back end may."""
    device = connector(station, payload.get("connectorId"))
    held = payload.get("transactionData")
    values = [] if held is None else list(meter_values.samples(device, held, "transactionData"))
    return [*values, _edge(device, payload, "meterStop", 0.0)]


def of_event(station: str, payload: dict[str, Any]) -> list[Sample]:
    """Return what a TransactionEvent tells; later ones of a transaction may leave out of which EVSE they are."""
    device = connector(station, whole(payload.get("evse")).get("id"))
    held = payload.get("meterValue")
    values = [] if held is None else list(meter_values.samples(device, held, "meterValue"))
    info, has_ended = whole(payload.get("transactionInfo")), payload.get("eventType") == _ENDED
    state = charging_state(info.get("chargingState"), has_ended=has_ended, reason=info.get("stoppedReason"))
    texts = {} if state is None else {_STATE: state}
    return [*values, sample(device, payload.get("timestamp"), {TRANSACTION: float(not has_ended)}, texts=texts)]


def _edge(device: str, payload: dict[str, Any], key: str, transaction: float) -> Sample:
    given = payload.get(key)
    number = number_of(given)
    values: dict[str, float | None] = {TRANSACTION: transaction}
    if number is not None:
        values[key] = number
    found = sample(device, payload.get("timestamp"), values, {key: "Wh"} if key in values else {})
    if number is not None or given is None:
        return found
    return msgspec.structs.replace(found, flaws=(*found.flaws, not_a_number(key, given)))
