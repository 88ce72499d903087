"""The charging sessions that are known of points: their records, and where there are none, what their readings tell.

Those from readings are assembled when they are asked for, so that they are always a function of the readings as they
are stored now, and have flags that readings decide; of a time whose readings are gone, they are those that were kept.
Flags depend on master data and neighbours, and are never stored.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from ingest.model.catalogue import Catalogue, DeviceEntry
from ingest.model.reading import ReadingKind
from ingest.model.session import Session, SessionFlag, assessed, most_energy, overlapping
from ingest.model.time import from_micros
from ingest.model.verticals import VERTICALS
from processors.sessions.rollups import rated_power
from processors.sessions.traces import ReadPoint, SessionQuery, assembled, read_points
from processors.storage.database import Connection
from processors.storage.schema import retention
from processors.storage.sessions.stored import stored_session
from processors.storage.statements import statements

SQL: Final = statements(__name__)


@dataclass(frozen=True, slots=True)
class PointSession:
    """A session of a charging point; ``is_recorded``: it was given as such, else its readings tell of it."""

    device: DeviceEntry
    session: Session
    is_recorded: bool


@dataclass(frozen=True)
class ChargingPoints:
    """Charging points: those whose sessions are ``recorded``, and those of which ``read`` series tell."""

    recorded: tuple[DeviceEntry, ...]
    read: tuple[ReadPoint, ...]


def points(catalogue: Catalogue, cities: Sequence[str] | None, site: str | None, device: str | None) -> ChargingPoints:
    """Return the charging points of some cities (None: all), of a site or called ``device`` where it is given."""
    chosen = [
        one
        for one in catalogue.devices.values()
        if (cities is None or one.city in cities) and site in {None, one.site} and device in {None, one.name}
    ]
    of_sessions = (one for one in chosen if any(each.kind is ReadingKind.SESSION for each in one.series.values()))
    recorded = (one for one in of_sessions if one.plug is None)
    return ChargingPoints(tuple(recorded), tuple(read_points(chosen)))


def known_sessions(
    connection: Connection, catalogue: Catalogue, chosen_points: ChargingPoints, start: int, end: int
) -> list[PointSession]:
    """Return the sessions that begin in [start, end), in that order, with their flags."""
    since = max(start, retention.horizon(connection))
    outlasting = tuple(point.device for point in chosen_points.read)
    gone = _stored(connection, catalogue, outlasting, (start, min(since, end))) if start < since else iter(())
    found = [
        *_stored(connection, catalogue, chosen_points.recorded, (start, end)),
        *(replace(one, is_recorded=False) for one in gone if one.session.begin < since),
        *_from_readings(connection, catalogue, chosen_points, (since, end)),
    ]
    return sorted(
        (one for one in found if start <= one.session.begin < end),
        key=lambda one: (one.session.begin, one.device.city, one.device.name, one.session.transaction_id),
    )


def _stored(
    connection: Connection, catalogue: Catalogue, devices: Sequence[DeviceEntry], within: tuple[int, int]
) -> Iterator[PointSession]:
    parameters = _within(within) | {"device_id": [one.device_id for one in devices]}
    of_device: dict[int, list[Session]] = {}
    for device_id, *columns in connection.execute(SQL["session_listed"], parameters):
        of_device.setdefault(device_id, []).append(stored_session(*columns))
    for device in devices:
        rated = rated_power(catalogue, device.city, device.site)
        sessions = of_device.get(device.device_id, [])
        at_once = set() if _is_parallel(catalogue, device) else overlapping(sessions)
        for one in sessions:
            found = assessed(one, most_energy(one.begin, one.end, rated(one.begin)))
            added = {SessionFlag.OVERLAP} if one.transaction_id in at_once else set()
            yield PointSession(device, replace(found, flags=found.flags | added), is_recorded=True)


def _from_readings(
    connection: Connection, catalogue: Catalogue, chosen_points: ChargingPoints, within: tuple[int, int]
) -> Iterator[PointSession]:
    wanted = [SessionQuery(point, *within) for point in chosen_points.read]
    for point, sessions in zip(chosen_points.read, assembled(connection, catalogue, wanted), strict=True):
        for session in sessions:
            yield PointSession(point.device, session, is_recorded=False)


def _within(within: tuple[int, int]) -> dict[str, Any]:
    return {"from_time": from_micros(within[0]), "to_time": from_micros(within[1])}


def _is_parallel(catalogue: Catalogue, device: DeviceEntry) -> bool:
    """Whether sessions of a device may run at once: it stands for several points."""
    city = catalogue.cities[device.city]
    declared = next(one for one in city.devices if one.name == device.name)
    vertical = next(one.vertical for one in city.sites if one.name == device.site)
    kind = VERTICALS[vertical].device_type(declared.type)
    return kind is not None and kind.parallel_sessions
