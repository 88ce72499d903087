"""The same measurement in any format is the same observation: value, time, quality and series."""

import json

import pytest

from ingest.decoders import DECODERS
from ingest.decoders.dsmr import crc16
from ingest.model.catalogue import Catalogue, Ids
from ingest.model.city.assets import City
from ingest.model.observation import RawMessage
from ingest.model.reading import Quality
from ingest.resolve import Resolver
from tests import towns
from tests.towns import electricity_meter, heat_meter

NOON = 1_795_262_400_000_000  # 2026-11-21T12:00:00Z
ARRIVAL = NOON + 5_000_000
P1 = "/KFM5\r\n\r\n0-0:1.0.0(261121130000W)\r\n1-0:1.8.1(000010.500*kWh)\r\n1-0:1.8.2(000002.000*kWh)\r\n!"
MAPPING = {
    "time": {"column": "t", "format": "%d.%m.%Y %H:%M", "zone": "Europe/Copenhagen"},
    "values": [{"column": "data.wh", "quantity": "electricity_energy", "unit": "Wh"}],
}
ELECTRICITY = [
    ("pharos", "", {"time": NOON // 1000, "values": {"electricity_energy": 12.5}}),
    ("zigbee2mqtt", "zigbee2mqtt/{device}", {"energy": 12.5, "last_seen": "2026-11-21T13:00:00+01:00"}),
    ("tasmota", "tele/{device}/SENSOR", {"Time": "2026-11-21T13:00:00", "ENERGY": {"Total": 12.5}}),
    (
        "shelly",
        "{device}/events/rpc",
        {
            "src": "meter",
            "method": "NotifyStatus",
            "params": {"ts": NOON / 1e6, "switch:0": {"id": 0, "aenergy": {"total": 12500}}},
        },
    ),
    ("dsmr", "p1/{device}", f"{P1}{crc16(P1.encode()):04X}\r\n"),
    ("mapping", "acme/{device}", {"t": "21.11.2026 13:00", "data": {"wh": "12500"}}),
    (
        "ngsi_v2",
        "fiware/{device}",
        {
            "id": "meter",
            "type": "ACMeasurement",
            "dateObserved": {"type": "DateTime", "value": "2026-11-21T12:00:00.000Z"},
            "totalActiveEnergyImport": {"type": "Number", "value": 12.5},
        },
    ),
    (
        "ngsi_v2",
        "fiware/{device}",
        {
            "id": "meter",
            "type": "ACMeasurement",
            "dateObserved": "2026-11-21T13:00:00",
            "totalActiveEnergyImport": 12.5,
        },
    ),
    (
        "ngsi_ld",
        "fiware/{device}",
        {
            "id": "meter",
            "type": "ACMeasurement",
            "totalActiveEnergyImport": {"value": 12500, "unitCode": "WHR", "observedAt": "2026-11-21T13:00:00+01:00"},
        },
    ),
    (
        "ocpp",
        "ocpp/{device}",
        [
            2,
            "a",
            "StopTransaction",
            {"transactionId": 7, "meterStop": 12500, "timestamp": "2026-11-21T12:00:00Z"},
        ],
    ),
    (
        "ocpp",
        "ocpp/{device}",
        {"evseId": 1, "meterValue": [{"timestamp": "2026-11-21T12:00:00Z", "sampledValue": [{"value": 12500}]}]},
    ),
]


@pytest.mark.parametrize(
    ("decoder", "template", "said"), ELECTRICITY, ids=[f"{one[0]}-{number}" for number, one in enumerate(ELECTRICITY)]
)
def test_what_a_meter_of_electricity_counted(decoder: str, template: str, said: object) -> None:
    meter = electricity_meter(**({"binding": "field", "timezone": "Europe/Copenhagen"} if template else {}))
    mapping = {"mapping": MAPPING} if decoder == "mapping" else {}
    binding = {"name": "field", "topic": template, "decoder": decoder, **mapping}
    city = towns.city(meter, **({"bindings": [binding]} if template else {}))
    topic = template.replace("{device}", "meter") or "pharos/v1/harbour/meter/telemetry"
    assert _observed(city, "electricity_energy", topic, said) == [(7, NOON, 12.5, Quality.MEASURED)]


def test_what_a_meter_of_heat_counted_by_its_telegram_and_by_wmbusmeters() -> None:
    records = "04061C0C0000" + "046D000D553B"  # 3,100 kWh at 13:00 on its clock
    header = "08017212984368" + "2D2C32042A000000"
    body = bytes.fromhex(header + records)
    frame = bytes((0x68, len(body), len(body), 0x68)) + body + bytes((sum(body) & 0xFF, 0x16))
    said = {"id": "68439812", "total_energy_consumption_kwh": 3100, "timestamp": "2026-11-21T12:00:00Z"}
    for decoder, payload in (("mbus", frame.hex()), ("wmbusmeters", said)):
        meter = heat_meter(binding={"name": "field", "device": "68439812"}, timezone="Etc/GMT-1")
        binding = {"name": "field", "topic": "mbus/{device}", "decoder": decoder}
        city = towns.city(meter, bindings=[binding])
        observed = _observed(city, "heat_energy", "mbus/68439812", payload)
        assert observed == [(7, NOON, 3100.0, Quality.MEASURED)], decoder


def test_a_topic_names_the_field_of_a_bare_number_and_its_format_the_unit() -> None:
    binding = {"name": "field", "topic": "shellies/{device}/emeter/0/{field}", "decoder": "shelly"}
    city = towns.city(electricity_meter(binding="field"), bindings=[binding])
    observed = _observed(city, "electricity_energy", "shellies/meter/emeter/0/total", "12500.0")
    assert observed == [(7, ARRIVAL, 12.5, Quality.ARRIVAL_TIME)]


def test_what_a_format_says_is_no_reading_is_nothing_to_tell() -> None:
    binding = {"name": "field", "topic": "{device}/events/rpc", "decoder": "shelly"}
    city = towns.city(electricity_meter(binding="field"), bindings=[binding])
    pressed = {"src": "meter", "method": "NotifyEvent", "params": {"ts": 1, "events": [{"event": "single_push"}]}}
    assert _observed(city, "electricity_energy", "meter/events/rpc", pressed) == []


def _observed(city: City, quantity: str, topic: str, said: object) -> list[tuple[float, ...]]:
    ids = Ids({("harbour", "meter"): 1}, {("harbour", "meter", quantity): 7})
    payload = said.encode() if isinstance(said, str) else json.dumps(said).encode()
    resolved = Resolver(Catalogue([city], ids), DECODERS["pharos"]).resolve([RawMessage(topic, payload, ARRIVAL)])
    assert resolved.refusals == []
    batch = resolved.batch
    return list(zip(batch.series_id, batch.time, batch.value, batch.quality, strict=True))
