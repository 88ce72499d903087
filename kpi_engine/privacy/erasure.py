"""Erasing a household: its readings, everything made of them alone, and what figures of others keep of them as inputs.

Figures of others stay with their digests, and say by whom and why their inputs were erased; so does the ledger, which
counts and quotes nothing. What is erased cannot be had again.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from psycopg import sql

from ingest.model.catalogue import Catalogue
from ingest.model.city.assets import City, Device
from ingest.model.spans import FOREVER, span_of
from ingest.model.time import from_micros, isoformat, to_micros
from kpi_engine.errors import ErasureError
from kpi_engine.figures.erased import ERASED
from kpi_engine.subjects.subject import WHOLE_CITY, SubjectId
from kpi_engine.subjects.subject_index import SubjectIndex
from processors.storage.database import Connection
from processors.storage.figures import batches
from processors.storage.statements import statements

SQL: Final = statements(__name__)

KEPT: Final = frozenset({"series", "device", "kpi_residual_series"})
"""Tables by series or device that say who is who, and hold nothing of what was measured."""


@dataclass(frozen=True)
class ErasureAsked:
    """Which devices of a city, or all of a site; who says so and why; ``words`` are taken out of sentences as well."""

    city: str
    devices: Sequence[str]
    author: str
    reason: str
    words: Sequence[str] = ()


@dataclass(frozen=True)
class Erasure:
    """What was erased: rows of readings and of all made of them, and figures of others that lost their inputs."""

    erasure_id: int
    rows: int
    own_figures: int
    figures: int


def devices_of(city: City, site: str | None, names: Sequence[str]) -> list[Device]:
    """Return the devices meant by a site or by names; raises ErasureError where there are none, or unknown ones."""
    found = [one for one in city.devices if one.name in names or (site is not None and one.site == site)]
    if missing := set(names) - {one.name for one in found}:
        raise ErasureError(f"{city.name} declares no device {', '.join(sorted(missing))}; nothing was erased")
    if not found:
        raise ErasureError(f"there is no device at {site!r} in {city.name}; nothing was erased")
    return found


def erase(
    connection: Connection, catalogue: Catalogue, index: SubjectIndex, asked: ErasureAsked, today: date
) -> Erasure:
    """Erase devices that have ended, in one transaction.

    Raises ErasureError where one has not: what it sends would be kept, and figures that go on would miss it.
    """
    city = catalogue.cities[asked.city]
    devices = devices_of(city, None, asked.devices)
    _require_ended(devices, today)
    entries = [catalogue.devices[city.name, device.address] for device in devices]
    series = [one.series_id for entry in entries for one in entry.series.values()]
    ids = [entry.device_id for entry in entries]
    with connection.transaction():
        row = connection.execute(
            SQL["erasure_record"],
            {"city": city.name, "series": series, "author": asked.author, "reason": asked.reason},
        ).fetchone()
        if row is None:
            raise TypeError("erasure_record returns no row")
        erasure_id, erased_at = row
        resting = _resting(index, city, devices, series)
        _keep(connection, erasure_id, resting)
        own = _own_sites(city, devices)
        own_figures = connection.execute(SQL["own_figures"], {"city": city.name, "sites": own}).rowcount
        note = f"erased on {isoformat(to_micros(erased_at))[:10]} by {asked.author}: {asked.reason}"
        figures = _without_inputs(connection, erasure_id, note)
        residual = [one for (one,) in connection.execute(SQL["residuals_of_devices"], {"devices": ids})]
        rows = _delete(connection, "series_id", [*series, *residual]) + _delete(connection, "device_id", ids)
        names = [device.name for device in devices]
        connection.execute(SQL["refused_words"], {"city": city.name, "devices": names})
        connection.execute(SQL["device_words"], {"devices": ids})
        connection.execute(SQL["group_days"])
        _without_words(connection, asked.words)
    return Erasure(erasure_id, rows, own_figures, figures)


def _require_ended(devices: Iterable[Device], today: date) -> None:
    for one in devices:
        if one.valid_to is None or one.valid_to > today:
            raise ErasureError(
                f"{one.name} has not ended: expected valid_to with a day that has passed in the city file, so that "
                "nothing is stored of it any more, and no figure goes on that rests on it; nothing was erased"
            )


def _own_sites(city: City, devices: Sequence[Device]) -> list[str]:
    """Return the sites of which nothing is left: their own figures are as personal as their readings."""
    names = {device.name for device in devices}
    sites = {device.site for device in devices}
    left = {device.site for device in city.devices if device.name not in names}
    return sorted(sites - left)


def _resting(
    index: SubjectIndex, city: City, devices: Sequence[Device], series: Sequence[int]
) -> dict[tuple[SubjectId, str], tuple[int, int]]:
    """Return by subject and indicator when figures rest on these series: as long as their devices were valid."""
    spans = [span_of(device, city.timezone) for device in devices]
    whole = max(min(start for start, _ in spans), to_micros(_EARLIEST)), max(end for _, end in spans)
    read = set(series)
    return {
        (subject.key, indicator.name): whole
        for subject in index.subjects.values()
        if subject.city.name == city.name
        for indicator in subject.indicators
        if _reads(index, subject.key, indicator.name, read, set())
    }


def _reads(index: SubjectIndex, key: SubjectId, kpi: str, read: set[int], seen: set[tuple[SubjectId, str]]) -> bool:
    """Whether a figure reads any of some series, or takes a figure that does."""
    if (key, kpi) in seen:
        return False
    seen.add((key, kpi))
    subject = index.subjects[key]
    indicator = next((one for one in subject.indicators if one.name == kpi), None)
    if indicator is None:
        return False
    if subject.series_of(indicator) & read:
        return True
    taken = [
        owner
        for owner, takers in index.taking.items()
        if any(one.subject.key == key and one.indicator.name == kpi for one in takers)
    ]
    return any(_reads(index, other, name, read, seen) for name, other in taken)


_EARLIEST: Final = datetime.fromisoformat("1000-01-01T00:00:00+00:00")


def _keep(connection: Connection, erasure_id: int, resting: Mapping[tuple[SubjectId, str], tuple[int, int]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            SQL["erased_inputs"],
            [
                {
                    "erasure": erasure_id,
                    "city_id": city_id,
                    "site_id": site_id or WHOLE_CITY,
                    "kpi": kpi,
                    "first": from_micros(start),
                    "through": from_micros(min(end, FOREVER)),
                }
                for ((city_id, site_id), kpi), (start, end) in resting.items()
            ],
        )


def _without_inputs(connection: Connection, erasure_id: int, note: str) -> int:
    """Put a sentence in the place of the inputs of figures that rest on what is erased; returns how many."""
    places: dict[int, set[int]] = {}
    figures = connection.execute(SQL["resting_figures"], {"erasure": erasure_id}).fetchall()
    for batch_id, place in figures:
        places.setdefault(batch_id, set()).add(place)
    for batch_id, gone in places.items():
        row = connection.execute(SQL["batch_of"], {"batch": batch_id}).fetchone()
        inputs = batches.unpacked(row[0]) if row else []
        kept = [json.dumps({ERASED: note}) if place in gone else one for place, one in enumerate(inputs)]
        connection.execute(SQL["batch_keep"], {"batch": batch_id, "inputs": batches.packed(kept)})
    return len(figures)


def _delete(connection: Connection, column: str, ids: Sequence[int]) -> int:
    """Delete whatever is kept of series or devices, in every table that has any; returns how many rows."""
    tables = [name for (name,) in connection.execute(SQL["tables_with"], {"column": column}) if name not in KEPT]
    rows = 0
    for table in tables:
        statement = sql.SQL("delete from {} where {} = any(%s)").format(sql.Identifier(table), sql.Identifier(column))
        rows += connection.execute(statement, [list(ids)]).rowcount
    return rows


def _without_words(connection: Connection, words: Sequence[str]) -> None:
    """Take words out of the sentences of figures: reasons, and what moved."""
    if words:
        pattern = "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))
        connection.execute(SQL["texts_without"], {"pattern": pattern})


def erasures(connection: Connection, city: str | None = None) -> list[dict[str, Any]]:
    """Return what was erased, the newest first."""
    rows = connection.execute(SQL["erasures"], {"city": city}).fetchall()
    keys = ("erasure_id", "city", "series", "erased_at", "author", "reason", "figures")
    return [dict(zip(keys, row, strict=True)) for row in rows]
