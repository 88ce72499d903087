"""A zone of electricityMaps, or its defaults: emissions of each technology, direct and over the life cycle (YAML)."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import PurePath
from typing import Any, Final

import yaml

from ingest.model.declarations.expected import found
from ingest.wording import in_words
from kpi_engine.errors import FactorError
from kpi_engine.factors.factor import EmissionBoundary, Factor, View
from kpi_engine.factors.factor_table import FactorFormat, FactorTable, collected, factor, slug, without_faults

BOUNDARIES: Final = {"direct": EmissionBoundary.DIRECT, "lifecycle": EmissionBoundary.LIFE_CYCLE}
AVERAGE: Final = re.compile(r".*\b((?:19|20)\d\d)\b.*\b(?:average|mean)\b")
DEFAULTS: Final = "defaults"
ALWAYS: Final = date(1970, 1, 1)  # since when a number without a day holds


def read(text: str, name: str) -> FactorTable:
    """Return a factor of each technology and boundary of the zone, which the file is called after.

    Raises FactorError naming the key.
    """
    try:
        document = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise FactorError(f"{name}: expected YAML: {in_words(error)}") from error
    if not isinstance(document, dict):
        raise FactorError(f"{name}: expected a zone with emissionFactors, not {found(document)}")
    every = document.get("emissionFactors")
    if not isinstance(every, dict):
        raise FactorError(f"{name}: emissionFactors: expected direct and lifecycle, not {found(every)}")
    zone = PurePath(name).stem
    return FactorTable(collected(name, without_faults(_factors(every, name, zone))))


def _factors(every: dict[Any, Any], name: str, zone: str) -> Iterator[Callable[[], tuple[str, Factor]]]:
    for key, technologies in every.items():
        place = f"{name}: emissionFactors.{key}"
        if key not in BOUNDARIES:
            yield partial(_refuse, f"{place}: expected {' or '.join(BOUNDARIES)}")
        elif not isinstance(technologies, dict):
            yield partial(_refuse, f"{place}: expected technologies, not {found(technologies)}")
        else:
            for technology, entries in technologies.items():
                if not str(technology).startswith("_"):
                    yield from _of_technology(name, zone, key, str(technology), entries)


def _of_technology(
    name: str, zone: str, key: str, technology: str, entries: object
) -> Iterator[Callable[[], tuple[str, Factor]]]:
    place = f"{name}: emissionFactors.{key}.{technology}"
    listed = entries if isinstance(entries, list) else [entries]
    try:
        days = [_day(place, entry) for entry in listed]
        _ordered(place, days)
    except FactorError as error:
        yield partial(_refuse, str(error))
        return
    shared = {
        "name": f"electricitymaps-{slug(zone)}-{slug(technology)}-{key}",
        "carrier": "electricity",
        "region": "default of every zone" if zone == DEFAULTS else zone,
        "unit": "g/kWh",
        "method": f"electricity made by {technology}, no mean of a grid",
        "boundary": BOUNDARIES[key],
        "boundary_note": key,
        "view": View.LOCATION,
        "gwp": "not stated",
        "source": f"electricityMaps, configuration of {zone if zone == DEFAULTS else f'zone {zone}'} (MIT)",
        "verified": True,
    }
    for entry, begin, end in zip(listed, days, [*days[1:], None], strict=True):
        yield partial(_factor, place, {**shared, "valid_from": begin, "valid_to": end}, entry)


def _day(place: str, entry: object) -> date:
    if not isinstance(entry, dict):
        raise FactorError(f"{place}: expected a value with its source, not {found(entry)}")
    stated = entry.get("datetime")
    if stated is None:
        return ALWAYS
    try:
        return date.fromisoformat(str(stated)[:10])
    except ValueError:
        raise FactorError(f"{place}.datetime: expected a day, not {found(stated)}") from None


def _ordered(place: str, days: Sequence[date]) -> None:
    if not days:
        raise FactorError(f"{place}: expected at least one value, not an empty list")
    for before, after in pairwise(days):
        if after <= before:
            raise FactorError(f"{place}: expected days in order, not {after} after {before}")


def _factor(place: str, shared: dict[str, Any], entry: dict[str, Any]) -> tuple[str, Factor]:
    source = " ".join(str(entry.get("source") or "source not stated").split())
    averaged = AVERAGE.match(source)
    path = place.partition(": ")[2]
    own = {
        "version": _version(shared["valid_from"]),
        "year": int(averaged[1]) if averaged else None,
        "value": entry.get("value"),
        "page": f"{path}; {source}",
    }
    return path, factor(place, shared | own)


def _version(begin: date) -> str:
    """Return what tells versions apart: the year they begin in, or the day where that is not its first."""
    if begin == ALWAYS:
        return "undated"
    return str(begin.year if (begin.month, begin.day) == (1, 1) else begin)


def _refuse(fault: str) -> tuple[str, Factor]:
    raise FactorError(fault)


FORMAT: Final = FactorFormat("electricitymaps", "electricityMaps, factors of technologies of a zone (YAML)", read)
