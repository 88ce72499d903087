"""States of connectors, by the names that OCPP 1.6 gave them, which are those of ``connector_status``.

OCPP 2.0.1 tells less by the status of a connector, and more by the charging state of a transaction: Occupied says that
a vehicle is there, and no more; Idle that none is.
"""

from typing import Any, Final

from ingest.decoder import Sample
from ingest.decoders.ocpp.connectors import TRANSACTION, connector, sample

_CONNECTOR: Final = {"Occupied": "Preparing"}
_CHARGING: Final = {"EVConnected": "Preparing", "Idle": "Available"}
_SPEAKING: Final = ("status", "connectorStatus")
_GONE: Final = "Available"
_OVER: Final = "Finishing"


def of_message(station: str, payload: dict[str, Any]) -> list[Sample]:
    """Return what a StatusNotification of either version tells, as it came where it is no state.

    The first connector of an EVSE speaks for it. Another one has a field of its own: where a vehicle is at one, the
    others are free. Where one is available, no transaction is running.
    """
    if "connectorStatus" in payload:
        number = payload.get("connectorId")
        key = f"connectorStatus.{number}" if type(number) is int and number != 1 else "connectorStatus"
        device, given, names = connector(station, payload.get("evseId")), payload["connectorStatus"], _CONNECTOR
    else:
        key, device = "status", connector(station, payload.get("connectorId"))
        given, names = payload.get("status"), {}
    if not isinstance(given, str) or payload.get("connectorId") == 0:
        return []  # connector 0 of 1.6 is the station as a whole
    running: dict[str, float | None] = {TRANSACTION: 0.0} if given == _GONE and key in _SPEAKING else {}
    return [sample(device, payload.get("timestamp"), running, texts={key: names.get(given, given)})]


def charging_state(given: object, *, has_ended: bool, reason: object) -> str | None:
    """Return the state of a connector by that of its transaction; None where the event does not tell it."""
    if has_ended and reason == "EVDisconnected":
        return _GONE
    if not isinstance(given, str):
        return None
    state = _CHARGING.get(given, given)
    return _OVER if has_ended and state != _GONE else state
