"""Processors that share Kafka's partitions: whatever comes and goes, every reading is stored once."""

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from deploy.embedded.postgres import Postgres
from ingest.bus import MQTT_STATUS, MQTT_TELEMETRY, TELEMETRY
from ingest.model.city import city_file
from ingest.model.observation import RawMessage
from processors.storage.database import connect
from processors.storage.registry import registry
from processors.storage.schema.migrate import migrate
from tests import embedded_run

if TYPE_CHECKING:
    from tests.integration.kafka.conftest import Pipeline

pytestmark = pytest.mark.integration

RECEIVED_AT = 1_795_262_400_000_000
COMPUTED_AT = 1_700_300_000_000_000  # three days after what devices send: no figures of the years since
STORED = "select count(*) from reading"
MARKED = "select count(*) from observation_mark"
BALANCE = """
    select sum(received) = sum(stored + duplicate + conflict + quarantined),
           sum(stored) = (select count(*) from reading)
    from ledger
"""
ROLLUPS = "select (to_jsonb(rollup) - 'updated_at')::text from rollup order by period, series_id, bucket"
TABLES = [
    """select series_id, time, value, received_at, quality, name
       from reading join source using (source_id) order by 1, 2""",
    "select city, device, topic, reason, payload, readings from quarantine order by 3, 5",
    "select city, name, stored, conflict, quarantined from ledger join source using (source_id) order by 1, 2",
]


def test_processors_that_come_go_and_are_killed_store_and_lead_to_what_the_embedded_run_does(
    pipeline: "Pipeline",
    database_url: str,
    another_database_url: str,
) -> None:
    count = 8_000  # more than a day of every device

    def beyond(share: float) -> Callable[[], bool]:
        return lambda: pipeline.ask(database_url, STORED)[0][0] >= 2 * count * share

    with pipeline.under_load(range(count)):
        first = pipeline.start("process", PHAROS_DATABASE_URL=database_url)
        pipeline.until(beyond(0.1), expected=True)
        second = pipeline.start("process", PHAROS_DATABASE_URL=database_url)
        pipeline.until(second.causes, {})
        pipeline.until(beyond(0.3), expected=True)
        third = pipeline.start("process", PHAROS_DATABASE_URL=database_url)
        pipeline.until(third.causes, {})
        pipeline.until(beyond(0.5), expected=True)
        second.kill()
        pipeline.until(beyond(0.6), expected=True)
        first.stop()
    embedded_run.store(another_database_url, pipeline.city, pipeline.messages(range(count)))
    pipeline.until(lambda: pipeline.ask(database_url, STORED), [(2 * count,)])
    pipeline.until(lambda: pipeline.ask(database_url, MARKED), [(0,)])
    for table in TABLES:
        assert pipeline.ask(database_url, table) == pipeline.ask(another_database_url, table)
    assert pipeline.ask(database_url, ROLLUPS) == pipeline.ask(another_database_url, ROLLUPS)
    assert pipeline.ask(database_url, BALANCE) == [(True, True)]
    third.stop()
    for url in (database_url, another_database_url):
        embedded_run.compute(url, COMPUTED_AT)
    figures = pipeline.ask(database_url, embedded_run.FIGURES)
    assert figures == pipeline.ask(another_database_url, embedded_run.FIGURES)
    days = {figure[5] for figure in figures if figure[0] == "heat_delivered" and figure[3] == "day"}
    assert days - {None}  # there is something to compare


def test_one_bad_message_in_a_thousand_is_quarantined_and_costs_no_other(
    pipeline: "Pipeline", database_url: str
) -> None:
    messages = pipeline.messages(range(1000))
    messages[500] = RawMessage(messages[500].topic, b"rubbish\x00\xff", RECEIVED_AT)
    pipeline.publisher.publish(MQTT_TELEMETRY, messages)
    pipeline.publisher.publish(MQTT_STATUS, [RawMessage("pharos/v1/harbour/meter-1/status", b"online", RECEIVED_AT)])
    process = pipeline.start("process", PHAROS_DATABASE_URL=database_url)
    pipeline.until(lambda: pipeline.ask(database_url, STORED), [(1998,)])
    pipeline.until(lambda: pipeline.ask(database_url, "select online from device_status"), [(True,)])
    kept = pipeline.ask(
        database_url, "select name, reason, payload, readings from quarantine join source using (source_id)"
    )
    assert kept == [("mqtt", "undecodable", b"rubbish\x00\xff", 1)]
    assert pipeline.ask(database_url, BALANCE) == [(True, True)]
    process.stop()


def test_telemetry_of_other_producers_is_taken_in_the_native_payload(pipeline: "Pipeline", database_url: str) -> None:
    pipeline.publisher.publish(MQTT_TELEMETRY, pipeline.messages(range(1)))
    known = pipeline.messages(range(1, 2))[0]
    pipeline.produce(TELEMETRY.name, known.topic.encode(), known.payload)
    pipeline.produce(TELEMETRY.name, None, b'{"time": 1700000000000, "values": {"heat_energy": 1}}')
    pipeline.produce(TELEMETRY.name, known.topic.encode(), None)  # says nothing of any reading, so nothing is counted
    process = pipeline.start("process", PHAROS_DATABASE_URL=database_url)
    counts = "select name, stored, quarantined from ledger join source using (source_id) order by name, stored"
    expected = [("kafka", 0, 1), ("kafka", 2, 0), ("mqtt", 2, 0)]
    pipeline.until(lambda: pipeline.ask(database_url, counts), expected)
    ((arrived,),) = pipeline.ask(database_url, "select max(received_at) from reading")
    assert abs(arrived.timestamp() - time.time()) < 600  # Kafka's own clock, where nobody else says when it arrived
    process.stop()


def test_a_city_file_that_is_applied_meanwhile_is_served_by_processors_that_run(
    pipeline: "Pipeline",
    database_url: str,
) -> None:
    process = pipeline.start("process", PHAROS_DATABASE_URL=database_url)
    pipeline.publisher.publish(MQTT_TELEMETRY, pipeline.messages(range(10)))
    pipeline.until(lambda: pipeline.ask(database_url, STORED), [(20,)])
    grown = json.loads(pipeline.city.read_text())
    grown["devices"][0]["native_id"] = "another"
    with connect(database_url, "test") as connection:
        registry.sync(connection, [city_file.parse(json.dumps(grown), "harbour.yaml")])
    pipeline.until(lambda: "registered anew" in process.log.read_text(), expected=True)
    payload = pipeline.messages(range(1000, 1001))[0].payload
    renamed = RawMessage("pharos/v1/harbour/another/telemetry", payload, RECEIVED_AT)
    pipeline.publisher.publish(MQTT_TELEMETRY, [renamed])
    pipeline.until(lambda: pipeline.ask(database_url, STORED), [(22,)])
    assert pipeline.ask(database_url, "select count(*) from quarantine") == [(0,)]
    assert pipeline.ask(database_url, BALANCE) == [(True, True)]
    process.stop()


def test_while_the_database_is_away_kafka_fills_and_afterwards_it_drains(
    pipeline: "Pipeline", own_postgres: Postgres
) -> None:
    count = 3_000
    url = own_postgres.url()
    migrate(url)
    with pipeline.under_load(range(count)):
        process = pipeline.start("process", PHAROS_DATABASE_URL=url)
        pipeline.until(lambda: pipeline.ask(url, STORED)[0][0] > 0, expected=True)
        own_postgres.stop()
        pipeline.until(lambda: "database" in json.dumps(process.causes()), expected=True)
        time.sleep(10)
        own_postgres.start()
    pipeline.until(lambda: pipeline.ask(url, STORED), [(2 * count,)])
    pipeline.until(process.causes, {})
    assert pipeline.ask(url, BALANCE) == [(True, True)]
    assert "pharos_kafka_lag_seconds" in process.metrics()
    process.stop()


def test_asked_to_stop_while_nothing_can_be_stored_it_stops_and_kafka_keeps_the_batch(
    pipeline: "Pipeline",
    database_url: str,
) -> None:
    process = pipeline.start("process", PHAROS_DATABASE_URL=database_url)
    pipeline.until(process.causes, {})
    with connect(database_url, "test") as connection:
        connection.execute("alter table ledger rename to elsewhere")
    pipeline.publisher.publish(MQTT_TELEMETRY, pipeline.messages(range(100)))
    pipeline.until(lambda: "ledger" in process.causes().get("database (readings)", ""), expected=True)
    process.stop()
    with connect(database_url, "test") as connection:
        connection.execute("alter table elsewhere rename to ledger")
    process.start()
    pipeline.until(lambda: pipeline.ask(database_url, STORED), [(200,)])
    assert pipeline.ask(database_url, BALANCE) == [(True, True)]
    process.stop()
