"""A city of every vertical with a year of readings, rollups and figures, made by the database itself."""

import json
from typing import Final

from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.verticals import VERTICALS
from kpi_engine.indicators import INDICATORS
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)
DEVICES_OF_A_TYPE: Final = 1
MESSAGES: Final = 5_000


def make(connection: Connection) -> None:
    """Make the city and its year; leaves the session in autocommit."""
    _city(connection)
    _fill(connection)
    connection.commit()
    connection.autocommit = True
    connection.execute("vacuum analyze")


def _city(connection: Connection) -> None:
    """Declare a site of every vertical, with some devices of each of its types, each with all its quantities."""
    city = connection.execute(
        "insert into city (name, title, country, timezone, role, document) "
        "values ('year', 'Year', 'DK', 'Europe/Copenhagen', 'lighthouse', '{}') returning city_id"
    ).fetchone()
    assert city
    names: list[str] = []
    for vertical in VERTICALS.values():
        site = connection.execute(
            "insert into site (city_id, name, title, vertical, facts) values (%s, %s, %s, %s, '[]') returning site_id",
            [*city, vertical.name, vertical.title, vertical.name],
        ).fetchone()
        assert site
        for kind in vertical.device_types:
            for _ in range(DEVICES_OF_A_TYPE):
                names.append(f"device-{len(names)}")
                device = connection.execute(
                    "insert into device (city_id, site_id, name, title, type, native_id, carrier, direction, "
                    "expected_interval) values (%s, %s, %s, %s, %s, %s, %s, %s, '1 hour') returning device_id",
                    [
                        *city,
                        *site,
                        names[-1],
                        names[-1],
                        kind.name,
                        names[-1],
                        kind.carrier,
                        kind.direction or (kind.carrier and "consumption"),
                    ],
                ).fetchone()
                for quantity in kind.quantities:
                    connection.execute(
                        "insert into series (device_id, quantity, unit, kind, max_gap) "
                        "values (%s, %s, %s, %s, '6 hours')",
                        [*(device or ()), quantity, QUANTITIES[quantity].unit, QUANTITIES[quantity].kind],
                    )
    document = json.dumps({"devices": [{"name": name} for name in names]})
    connection.execute("update city set document = %s", [document])
    connection.execute("insert into source (city, name) values ('year', 'test')")


def _fill(connection: Connection) -> None:
    connection.execute("select ensure_partitions(now() - interval '1 year', now())")
    connection.commit()
    connection.execute(SQL["observations"])
    connection.execute(SQL["residual_series"])
    for period in ("hour", "day", "month"):
        connection.execute(SQL["rollups"], {"period": period})
        connection.execute(SQL["residuals"], {"period": period})
    for period in ("day", "month", "year"):
        connection.execute(SQL["figures"], {"period": period, "kpis": list(INDICATORS)})
    connection.execute(SQL["refused"], {"messages": MESSAGES})
