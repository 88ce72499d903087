"""How long every panel's query takes on a year of data, planning included, over the wire; judges nothing."""

import json
import sys
from datetime import timedelta
from time import perf_counter

import pytest

from processors.storage.database import connect
from tests.acceptance.grafana import year_of_data
from tests.acceptance.grafana.expansion import CASES, Case, choices, expanded
from tests.stores import NATIVE_URL, POSTGRESQL, TIMESCALEDB, Stores

pytestmark = pytest.mark.integration
RANGES = {"a month": timedelta(days=30), "a year": timedelta(days=366)}


@pytest.mark.parametrize("store", [POSTGRESQL, TIMESCALEDB])
def test_prints_how_long_the_slowest_panels_take(stores: Stores, store: str) -> None:
    if store == TIMESCALEDB and not NATIVE_URL:
        pytest.skip("how fast TimescaleDB is, a native one tells; set PHAROS_TEST_TIMESCALE_URL")
    with stores[store].database(is_migrated=True) as url, connect(url, "bench") as connection:
        year_of_data.make(connection)

        def milliseconds(case: Case, since: timedelta) -> float:
            text = expanded(case.text, choices(connection, case, "day"), since).encode()
            connection.execute(text).fetchall()
            started = perf_counter()
            connection.execute(text).fetchall()
            return round((perf_counter() - started) * 1_000, 1)

        for name, since in RANGES.items():
            spent = {f"{case.dashboard}: {case.panel}": milliseconds(case, since) for case in CASES}
            slowest = dict(sorted(spent.items(), key=lambda one: -one[1])[:8])
            sys.stdout.write(json.dumps({"store": store, "range": name, "milliseconds": slowest}, indent=1) + "\n")
