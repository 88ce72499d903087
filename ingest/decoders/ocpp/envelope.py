"""What a back end wraps a message in: which action it is of, which station sent it, and what it says."""

from typing import Any, Final, NamedTuple

from ingest.decoder import quoted
from ingest.errors import DecodeError
from ingest.payloads.document import document, named

_CALL: Final = 2  # message types of OCPP-J: what a station asks, an answer, an error
_ANSWERS: Final = (3, 4)
_PAYLOADS: Final = ("payload", "message")
_STATIONS: Final = ("stationid", "chargingstationid", "chargepointid", "chargeboxid", "identity")
_FROM_BACK_END: Final = "csms"  # CitrineOS says the origin of a message
_ANSWERED: Final = 2  # and the state of one: 1 is a request

# Of a payload alone the keys that only this action has (required by its schema).
_BY_KEYS: Final = (
    ("MeterValues", {"meterValue", "connectorId"}),
    ("MeterValues", {"meterValue", "evseId"}),
    ("TransactionEvent", {"eventType", "transactionInfo"}),
    ("StatusNotification", {"status", "errorCode"}),
    ("StatusNotification", {"connectorStatus", "evseId"}),
    ("StartTransaction", {"meterStart", "connectorId"}),
    ("StopTransaction", {"meterStop", "transactionId"}),
)
NO_ACTION: Final = ""


class StationMessage(NamedTuple):
    """A message of a station; ``station`` is empty where the payload does not name it, ``action`` of an answer."""

    action: str
    station: str
    payload: dict[str, Any]


def opened(found: object) -> StationMessage:
    """Return the message that a document holds; raises DecodeError where it is none of OCPP."""
    if isinstance(found, dict):
        keys = {key.casefold(): value for key, value in found.items()}
        station = _station(keys)
        inner = None
        for key in _PAYLOADS:
            held = keys.get(key)
            if isinstance(held, str):
                held = _unwrapped(held)
            if isinstance(held, (dict, list)):
                inner = held
                break
        if isinstance(inner, list):
            return _framed(inner)._replace(station=station)
        if _is_answer(keys):
            return StationMessage(NO_ACTION, station, {})
        payload = found if inner is None else inner
        action = keys.get("action")
        return StationMessage(action if isinstance(action, str) else _recognised(payload), station, payload)
    return _framed(found)


def _unwrapped(text: str) -> object:
    """Return what JSON in a text holds, other texts as they are; raises DecodeError where it only begins like JSON."""
    return document(text.encode()) if text.lstrip()[:1] in {"{", "["} else text


def _framed(found: object) -> StationMessage:
    if not isinstance(found, list):
        raise DecodeError(f"expected a message of OCPP, found {named(found)}")
    kind = found[0] if found else None
    if type(kind) is int and kind in _ANSWERS:
        return StationMessage(NO_ACTION, "", {})
    if kind != _CALL or len(found) < 4 or not isinstance(found[2], str) or not isinstance(found[3], dict):
        raise DecodeError(f"expected [2, id, action, payload], an OCPP-J call, found {quoted(found)}")
    return StationMessage(found[2], "", found[3])


def _station(keys: dict[str, Any]) -> str:
    places, context = [keys], keys.get("context")
    if isinstance(context, dict):
        places.append({key.casefold(): value for key, value in context.items()})
    for one in places:
        for key in _STATIONS:
            if key in one and isinstance(given := one[key], str) and given:
                return given
    return ""


def _is_answer(keys: dict[str, Any]) -> bool:
    is_of_back_end = keys.get("origin") == _FROM_BACK_END or keys.get("state") == _ANSWERED
    return is_of_back_end or keys.get("messagetypeid") in _ANSWERS


def _recognised(payload: dict[str, Any]) -> str:
    for action, keys in _BY_KEYS:
        if keys <= payload.keys():
            return action
    actions = ", ".join(dict.fromkeys(action for action, _ in _BY_KEYS))
    raise DecodeError(f"expected an action beside the payload, or a payload of {actions}; found {quoted(payload)}")
