"""Meter values: one sample for each time, one field for each measurand, phase and place.

A field is the measurand, then its phase and its location where the message gives them and the location is not Outlet,
which is where nothing is said: ``Power.Active.Import.L1``, ``Energy.Active.Import.Register.Inlet``.

Some chargers repeat the register of the transaction's begin beside the present one. So of values that one time gives to
one field, the context decides: one of the transaction's end goes before others, one of its begin behind them. Two
different ones of the same context cannot be told apart, and neither is taken.
"""

from collections.abc import Collection, Iterator
from functools import lru_cache
from math import fsum, isclose
from typing import Any, Final

import msgspec

from ingest.decoder import Flaw, Sample, quoted
from ingest.decoders.ocpp.connectors import connector, not_a_number, number_of, sample, undecodable, whole
from ingest.payloads.fields import finite
from ingest.reasons import Reason

REGISTER: Final = "Energy.Active.Import.Register"
_OUTLET: Final = "Outlet"
_SIGNED: Final = "SignedData"
_BEGIN: Final = "Transaction.Begin"
_ORDER: Final = {_BEGIN: 0, "Transaction.End": 2}  # of contexts; any other is between them
# The symbols of Pharos for units that OCPP spells otherwise; both spellings of Celsius are in the schema.
_SYMBOLS: Final = {
    "Celsius": "degC",
    "Celcius": "degC",
    "Fahrenheit": "degF",
    "Percent": "percent",
    "Hertz": "Hz",
} | {symbol.casefold(): symbol for symbol in ("Wh", "kWh", "W", "kW")}  # some chargers write kwh
_THOUSANDS: Final = {"Wh": 1.0, "kWh": 1000.0, "W": 1.0, "kW": 1000.0}
# Without a unit an Energy is in Wh (specified); the others in the first unit of their kind (so back ends take them).
_USUAL: Final = (("Energy.Reactive", "varh"), ("Energy", "Wh"), ("Power.Active", "W"), ("SoC", "Percent"))


# By what they are the whole of: phases that all have to be there, as of one or two nobody knows what it is.
_WHOLES: Final = {whole: [f"{whole}.L{phase}" for phase in (1, 2, 3)] for whole in (REGISTER, "Power.Active.Import")}


class _Value(msgspec.Struct, frozen=True, gc=False):
    value: float | None
    unit: str | None
    order: int
    given: object


def of_message(station: str, payload: dict[str, Any]) -> list[Sample]:
    """Return the samples of MeterValues of either version."""
    number = payload.get("connectorId", payload.get("evseId"))
    return list(samples(connector(station, number), payload.get("meterValue"), "meterValue"))


def samples(device: str, given: object, key: str) -> Iterator[Sample]:
    """Yield a sample for each meter value of a list, which stands at ``key``."""
    if not isinstance(given, list):
        yield undecodable(device, key, "an array", given)
        return
    for one in given:
        sampled = whole(one).get("sampledValue")
        if isinstance(sampled, list):
            yield _sample(device, one.get("timestamp"), sampled)
        else:
            yield undecodable(device, "sampledValue", "an array", sampled)


def registers_of_begin(device: str, given: object) -> Iterator[Sample]:
    """Yield the registers of a transaction's begin among the meter values of a list."""
    for one in given if isinstance(given, list) else ():
        sampled = whole(one).get("sampledValue")
        begins = [
            value
            for value in (sampled if isinstance(sampled, list) else ())
            if whole(value).get("context") == _BEGIN and _field(value) == REGISTER
        ]
        if begins and REGISTER in (found := _sample(device, one.get("timestamp"), begins)).values:
            yield found


def _sample(device: str, timestamp: object, sampled: list[Any]) -> Sample:
    found: dict[str, _Value] = {}
    twice: set[str] = set()
    for given in sampled:
        one = whole(given)
        value = _value(one)
        if value is None:
            continue
        known = found.get(field := _field(one))
        if known is not None and known.order > value.order:
            continue
        if known is not None and known.order == value.order and not _is_same(known, value):
            twice.add(field)
        elif known is None or known.order < value.order:
            twice.discard(field)
            found[field] = value
    flaws = [_twice(field) for field in sorted(twice)]
    values: dict[str, float | None] = {}
    units: dict[str, str] = {}
    for field, kept in found.items():
        if kept.value is None:
            flaws.append(not_a_number(field, kept.given))
        elif field not in twice:
            values[field] = kept.value
            if kept.unit:
                units[field] = kept.unit
    _add_wholes(values, units, given=found.keys())
    taken = sample(device, timestamp, values, units)
    return msgspec.structs.replace(taken, flaws=(*taken.flaws, *flaws)) if flaws else taken


def _add_wholes(values: dict[str, float | None], units: dict[str, str], given: Collection[str]) -> None:
    """Add what all three phases are together, where a charger gives nothing else, and in one unit."""
    for field, phases in _WHOLES.items():
        if field in given or phases[0] not in values:
            continue
        parts = [value for phase in phases if (value := values.get(phase)) is not None]
        symbols = {units.get(phase) for phase in phases}
        if len(parts) == len(phases) and len(symbols) == 1:
            values[field] = fsum(parts)
            if unit := symbols.pop():
                units[field] = unit


def _is_same(one: _Value, other: _Value) -> bool:
    """Whether two values say the same, as some chargers give one in Wh and in kWh at once."""
    if one.unit == other.unit or one.value is None or other.value is None:
        return (one.value, one.unit) == (other.value, other.unit)
    factors = [_THOUSANDS.get(unit or "") for unit in (one.unit, other.unit)]
    if None in factors or (one.unit or "")[-1:] != (other.unit or "")[-1:]:
        return False
    return isclose(one.value * (factors[0] or 1.0), other.value * (factors[1] or 1.0), rel_tol=1e-9)


def _twice(field: str) -> Flaw:
    return Flaw(Reason.DUPLICATE_KEY, f"{quoted(field)} has two values at one time", 2, field)


def _field(sampled: dict[str, Any]) -> str:
    measurand, phase, location = sampled.get("measurand"), sampled.get("phase"), sampled.get("location")
    field = measurand if isinstance(measurand, str) and measurand else REGISTER
    if isinstance(phase, str) and phase and phase != _OUTLET:
        field = f"{field}.{phase}"
    if isinstance(location, str) and location and location != _OUTLET:
        field = f"{field}.{location}"
    return field


def _value(sampled: dict[str, Any]) -> _Value | None:
    """Return a value; None of what is signed or absent."""
    given = sampled.get("value")
    if given is None or sampled.get("format") == _SIGNED:
        return None
    number = number_of(given)
    unit, factor = _unit(sampled)
    if number is not None and factor != 1.0:
        number = finite(number * factor)
    context = sampled.get("context")
    return _Value(number, unit, _ORDER.get(context, 1) if isinstance(context, str) else 1, given)


def _unit(sampled: dict[str, Any]) -> tuple[str | None, float]:
    """Return the unit of a value, and the factor that is to be multiplied in (2.0.1 has a power of ten)."""
    unit, factor, measure = sampled.get("unit"), 1.0, sampled.get("unitOfMeasure")
    if isinstance(measure, dict):
        unit, exponent = measure.get("unit", unit), measure.get("multiplier", 0)
        factor = 10.0**exponent if type(exponent) is int and abs(exponent) <= 30 else 1.0
    if not isinstance(unit, str) or not unit:
        unit = _usual(str(sampled.get("measurand", REGISTER)))
    return (_SYMBOLS.get(unit, unit) if unit else None), factor


@lru_cache(1024)
def _usual(measurand: str) -> str | None:
    """Return the unit of a measurand where the message says none."""
    return next((usual for kind, usual in _USUAL if measurand.startswith(kind)), None)
