"""Transactions: that one is running, the register as it starts and stops, meter values between, states of OCPP 2.0.1.

``transaction`` is a field of our own, 1 while a transaction is running and 0 while none is. Nothing flows without one.
So a start is told twice: what was true just before it, a microsecond earlier, none running and the register at rest,
and that one is running from then on. An end is told once: from then on none is running, and the register is at rest. A
register of the begin that comes with the end is told a microsecond earlier too, as the start would have told it. An
update that says Charging tells that one is running: its start may have been lost.
Of these readings sessions are assembled exactly, whether or not the register is read before a start and after an end.
"""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from ingest.decoder import Sample
from ingest.decoders.ocpp import meter_values
from ingest.decoders.ocpp.connectors import TRANSACTION, connector, not_a_number, number_of, sample, whole
from ingest.decoders.ocpp.meter_values import REGISTER
from ingest.decoders.ocpp.statuses import charging_state
from ingest.model.time import EARLIEST

_STATE: Final = "transactionInfo.chargingState"
_CHARGING: Final = "Charging"
_EDGES: Final = ("Started", "Ended")
_JUST_BEFORE: Final = 1  # microsecond

Values = dict[str, float | None]
Units = dict[str, str]


def of_start(station: str, payload: dict[str, Any]) -> list[Sample]:
    """Return what a StartTransaction tells: the register of its connector."""
    device = connector(station, payload.get("connectorId"))
    return _started(_with_register(device, payload, "meterStart"))


def of_stop(station: str, payload: dict[str, Any]) -> list[Sample]:
    """Return what a StopTransaction tells; of which connector it is, its schema does not say, but a back end may."""
    device = connector(station, payload.get("connectorId"))
    held = payload.get("transactionData")
    values = [] if held is None else list(meter_values.samples(device, held, "transactionData"))
    return [*values, *_at_begin(device, held), _with_register(device, payload, "meterStop")]


def of_event(station: str, payload: dict[str, Any]) -> list[Sample]:
    """Return what a TransactionEvent tells; later ones of a transaction may leave out of which EVSE they are."""
    device = connector(station, whole(payload.get("evse")).get("id"))
    held, kind = payload.get("meterValue"), payload.get("eventType")
    values = [] if held is None else list(meter_values.samples(device, held, "meterValue"))
    info, has_ended = whole(payload.get("transactionInfo")), kind == "Ended"
    state = charging_state(info.get("chargingState"), has_ended=has_ended, reason=info.get("stoppedReason"))
    texts = {} if state is None else {_STATE: state}
    told = sample(device, payload.get("timestamp"), {}, texts=texts)
    if told.flaws or kind not in _EDGES:
        is_running = not told.flaws and info.get("chargingState") == _CHARGING
        return [*values, msgspec.structs.replace(told, values={TRANSACTION: 1.0}) if is_running else told]
    registers = [one for one in values if REGISTER in one.values and (one.time is None) is (told.time is None)]
    edge = _at_rest(told, sorted(registers, key=_when)[-1 if has_ended else 0] if registers else None)
    return [*values, *([*_at_begin(device, held), edge] if has_ended else _started(edge))]


def _at_begin(device: str, held: object) -> Iterator[Sample]:
    """Yield the registers of the begin, where the meter values of an end repeat them, as of just before it."""
    for one in meter_values.registers_of_begin(device, held):
        if one.time is not None or one.local is not None:
            yield msgspec.structs.replace(one, time=_just_before(one.time), local=_just_before(one.local))


def _with_register(device: str, payload: dict[str, Any], key: str) -> Sample:
    """Return that no transaction is running, with the register that stands at ``key``."""
    given = payload.get(key)
    number = number_of(given)
    values: Values = {TRANSACTION: 0.0}
    units: Units = {}
    if number is not None:
        values[key], units[key] = number, "Wh"
    found = sample(device, payload.get("timestamp"), values, units)
    if number is not None or given is None:
        return found
    return msgspec.structs.replace(found, flaws=(*found.flaws, not_a_number(key, given)))


def _at_rest(told: Sample, register: Sample | None) -> Sample:
    """Return what an event tells, that no transaction is running, and the register that a meter value of it shows."""
    values: Values = {TRANSACTION: 0.0}
    units: Units = {}
    if register is not None:
        values[REGISTER] = register.values[REGISTER]
        units = {REGISTER: register.units[REGISTER]} if REGISTER in register.units else {}
    return msgspec.structs.replace(told, values=values, units=units)


def _started(at_rest: Sample) -> list[Sample]:
    """Return what was true just before a start and is from then on; only that where nobody says when it was."""
    running: Values = {TRANSACTION: 1.0}
    if at_rest.flaws and not at_rest.values:
        return [at_rest]
    if at_rest.time is None and at_rest.local is None:
        return [msgspec.structs.replace(at_rest, values={**at_rest.values, **running})]
    before = msgspec.structs.replace(
        at_rest,
        time=_just_before(at_rest.time),
        local=_just_before(at_rest.local),
        texts={},
    )
    return [before, msgspec.structs.replace(at_rest, values=running, units={}, flaws=())]


def _just_before(micros: int | None) -> int | None:
    return None if micros is None else max(micros - _JUST_BEFORE, EARLIEST)


def _when(one: Sample) -> int:
    return (one.time if one.time is not None else one.local) or 0
