"""From a published message to a figure that others see: through the broker and every role, each its own process."""

import json
from contextlib import closing
from datetime import UTC, datetime
from urllib.parse import urlsplit

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from deploy.embedded.throwaway import Throwaway, throwaway
from ingest.model.calendar import Period, floor
from ingest.model.time import HOUR, to_micros
from processors.storage.database import Connection, connect
from tests.towns import heat_meter, town

ZONE = "Europe/Copenhagen"
TOPIC = "pharos/v1/harbour/meter/telemetry"
CITY = town(heat_meter(), zone=ZONE)
PATIENCE_SECONDS = 120.0
YESTERDAY = """
    select value, status
    from kpi_value
    where kpi = 'heat_delivered'
        and period = 'day'
        and site_id is null
        and superseded_at is null
        and period_start = to_timestamp(%s)
"""


@pytest.mark.acceptance
@pytest.mark.usefixtures("quick_throwaway")
@pytest.mark.timeout(600)
def test_what_a_meter_publishes_becomes_a_figure_that_everybody_sees() -> None:
    end = floor(to_micros(datetime.now(UTC)), Period.DAY, ZONE)
    begin = floor(end - 1, Period.DAY, ZONE)
    hours = range(begin, end + 1, HOUR)
    with throwaway(CITY) as running:
        running.wait(running.stack.is_ready, "every role to be ready", PATIENCE_SECONDS)
        _publish(running, [{"time": at // 1000, "values": {"heat_energy": 100 + (at - begin) / HOUR}} for at in hours])
        with closing(connect(running.database_url, "somebody else")) as connection:
            running.wait(lambda: _figure(connection, begin) is not None, "the figure of yesterday", PATIENCE_SECONDS)
            assert _figure(connection, begin) == (len(hours) - 1, "final")


def _publish(running: Throwaway, messages: list[dict[str, object]]) -> None:
    url = urlsplit(running.mqtt_url)
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set(url.username, url.password)
    client.connect(str(url.hostname), url.port or 1883)
    client.loop_start()
    for message in messages:
        client.publish(TOPIC, json.dumps(message), qos=1).wait_for_publish(PATIENCE_SECONDS)
    client.disconnect()
    client.loop_stop()


def _figure(connection: Connection, begin: int) -> tuple[float, str] | None:
    """Return yesterday's heat as committed by others, once there is a value."""
    row = connection.execute(YESTERDAY, (begin / 1e6,)).fetchone()
    connection.rollback()
    return (row[0], row[1]) if row and row[0] is not None else None
