"""What NGSI-v2 and NGSI-LD both make of an entity: samples of its attributes, one for each time they were true at.

Values that are objects are taken by their members (``activePower.L1``). Texts are kept where they stand for themselves:
states have names. Positions and relationships are no readings.
"""

from collections.abc import Sequence

import msgspec

from ingest.decoder import Flaw, Sample
from ingest.errors import OverLimitError
from ingest.fiware import data_models
from ingest.fiware.entity_times import TIMES, EntityTime, EntityTimes, is_time
from ingest.limits import PayloadLimits
from ingest.payloads.fields import EXACT, fields, finite
from ingest.reasons import Reason

Readings = Sequence[tuple[str, float | str | None]]


class Attribute(msgspec.Struct, frozen=True, gc=False):
    """One attribute of an entity, whose ``value`` is as it came.

    ``code``: the common code of its unit; ``observed_at``, ``modified_at``: its own times as they came. None where the
    attribute does not say it.
    """

    name: str
    value: object
    code: str | None = None
    observed_at: object = None
    modified_at: object = None


class Entity(msgspec.Struct, frozen=True, gc=False):
    """An entity by its id and the short name of its type."""

    id: str
    type: str
    attributes: Sequence[Attribute]


class _Gathered(msgspec.Struct, gc=False):
    values: dict[str, float | None] = {}
    texts: dict[str, str] = {}
    units: dict[str, str] = {}


def short(name: str) -> str:
    """Return the last part of a name that is given as a URI, as brokers do that know no ``@context``; others as is."""
    if "://" not in name:
        return name
    return name.rstrip("/#").replace("#", "/").rpartition("/")[2] or name


def samples(entity: Entity, limits: PayloadLimits) -> list[Sample]:
    """Return a sample for each time at which attributes of an entity were true; an empty one where it holds none.

    Raises OverLimitError where it holds more than a message may.
    """
    times, fixed = EntityTimes(entity.attributes), data_models.fixed_units(entity.type)
    units_beside = _units_beside(entity)
    by_time: dict[EntityTime, _Gathered] = {}
    of_entity: _Gathered | None = None
    flaws: dict[str, Flaw] = {}
    for attribute in entity.attributes:
        name, value = attribute.name, attribute.value
        if name in TIMES:
            continue
        if len(name) > limits.name:
            raise OverLimitError("characters in the name of an attribute", len(name), limits.name, 1)
        kind = type(value)
        if kind is float or (kind is int and -EXACT < value < EXACT):  # type: ignore[operator]  # kind says it
            readings: Readings = ((name, float(value)),)  # type: ignore[arg-type]  # likewise
        elif not (readings := _readings(name, value, limits)):
            continue
        has_own_time = attribute.observed_at is not None or attribute.modified_at is not None
        gathered = None if has_own_time else of_entity
        if gathered is None:
            try:
                time = times.of(attribute)
            except ValueError as error:
                flaws.setdefault(str(error), Flaw(Reason.BAD_TIME, str(error)))
                continue
            if (gathered := by_time.get(time)) is None:
                gathered = by_time[time] = _Gathered()
            of_entity = of_entity if has_own_time else gathered
        code = units_beside.get(name, attribute.code) if units_beside else attribute.code
        _gather(gathered, readings, fixed.get(name), code)
    found = [
        Sample(instant, one.values, one.units, texts=one.texts, device=entity.id, local=shown)
        for (instant, shown), one in by_time.items()
    ]
    if flaws or not found:
        found.append(Sample(None, {}, flaws=tuple(flaws.values()), device=entity.id))
    return found


def _gather(gathered: _Gathered, readings: Readings, fixed: str | None, code: str | None) -> None:
    for name, value in readings:
        if isinstance(value, str):
            gathered.texts[name] = value
            continue
        gathered.values[name] = value
        if (fixed or code) and (unit := data_models.unit(fixed, value, code)):
            gathered.units[name] = unit


def _readings(name: str, value: object, limits: PayloadLimits) -> Readings:
    """Return what an attribute holds by the names of its fields; nothing of times, positions and lists of texts."""
    kind = type(value)
    if (kind is int or kind is bool) and (number := finite(value)) is not None:  # type: ignore[arg-type]  # kind says it
        return ((name, number),)
    if value is None or kind is float:
        return ((name, value),)  # type: ignore[return-value]  # kind says it
    if isinstance(value, str):
        return () if is_time(value) else ((name, value),)
    if isinstance(value, dict) and "coordinates" in value:
        return ()
    found = fields(value, name, limits)
    if isinstance(value, (dict, list)):
        return tuple(found.values.items())
    return (*found.values.items(), *found.texts.items())


def _units_beside(entity: Entity) -> dict[str, str]:
    if entity.type not in data_models.UNIT_BESIDE:
        return {}
    measured, beside = data_models.UNIT_BESIDE[entity.type]
    codes = [one.value for one in entity.attributes if one.name == beside and isinstance(one.value, str)]
    return {measured: codes[0]} if codes else {}
