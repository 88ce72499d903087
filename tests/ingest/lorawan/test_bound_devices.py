"""Devices of network servers in a city file: decoded objects by their fields, frames by the profile that it names."""

import base64
import json
from typing import Any

import pytest

from ingest import payload_fields
from ingest.decoders import DECODERS
from ingest.model.catalogue import Catalogue, Ids
from ingest.model.observation import RawMessage, Resolved
from ingest.model.reading import Quality
from ingest.model.time import SECOND
from ingest.resolve import Resolver
from tests import towns
from tests.towns import Declared, device, heat_meter, sending

NOON = 1_795_262_400_000_000  # 2026-11-21T12:00:00Z
ARRIVAL = NOON + 3 * SECOND
SERIES = {
    ("room", "indoor_temperature"): 11,
    ("room", "co2_concentration"): 12,
    ("hall", "indoor_temperature"): 13,
    ("heat", "heat_energy"): 21,
    ("heat", "return_temperature"): 22,
    ("cellar", "indoor_temperature"): 31,
    ("probe", "indoor_temperature"): 41,
}
PROFILE = {
    "name": "cellar_sensor",
    "messages": [{"begins": ["7e"], "fields": [{"value": "t", "type": "s16", "divide": 100, "unit": "degC"}]}],
}


def _climate(name: str, *series: str | Declared, **binding: str) -> Declared:
    return device(name, "indoor_climate_sensor", *series, binding={"name": "lorawan", **binding})


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    city = towns.city(
        _climate("room", "indoor_temperature", "co2_concentration", device="a81758fffe0c0001", profile="elsys"),
        _climate("hall", sending("indoor_temperature", field="object.temp.air"), device="a81758fffe0c0002"),
        heat_meter(
            "heat_energy",
            "return_temperature",
            name="heat",
            binding={"name": "lorawan", "device": "94193a010b000001", "profile": "elvaco_cmi"},
        ),
        _climate(
            "cellar", sending("indoor_temperature", field="t"), device="a81758fffe0c0003", profile="cellar_sensor"
        ),
        device("probe", "indoor_climate_sensor", sending("indoor_temperature", field="air"), binding="packs"),
        bindings=[
            {"name": "lorawan", "topic": "application/{any}/device/{device}/event/up", "decoder": "chirpstack"},
            {"name": "packs", "topic": "packs/{device}", "decoder": "senml_json"},
        ],
        profiles=[PROFILE],
    )
    assert list(payload_fields.faults(city)) == []
    names = {("harbour", name): number for number, name in enumerate(("room", "hall", "heat", "cellar", "probe"), 1)}
    ids = {("harbour", *key): number for key, number in SERIES.items()}
    return Resolver(Catalogue([city], Ids(names, ids)), DECODERS["pharos"])


def _resolved(resolver: Resolver, eui: str, **event: Any) -> Resolved:  # noqa: ANN401 - keys of an event
    document = {"time": "2026-11-21T12:00:00Z", "deviceInfo": {"devEui": eui}, "fPort": 2, **event}
    topic = f"application/7/device/{eui}/event/up"
    return resolver.resolve([RawMessage(topic, json.dumps(document).encode(), ARRIVAL)])


def _sent(resolver: Resolver, eui: str, frame: str) -> Resolved:
    return _resolved(resolver, eui, data=base64.b64encode(bytes.fromhex(frame)).decode())


def _rows(resolved: Resolved) -> list[tuple[float, ...]]:
    batch = resolved.batch
    return list(zip(batch.series_id, batch.time, batch.value, batch.quality, strict=True))


def _told(resolved: Resolved) -> list[tuple[str, int, str]]:
    return [(refusal.reason, refusal.readings, refusal.detail) for refusal in resolved.refusals]


def test_a_frame_is_read_by_the_profile_of_its_device(resolver: Resolver) -> None:
    resolved = _sent(resolver, "a81758fffe0c0001", "0100d7022d04006405000602bc070dac")
    assert _rows(resolved) == [(11, NOON, 21.5, Quality.MEASURED), (12, NOON, 700.0, Quality.MEASURED)]
    assert not resolved.refusals


def test_a_profile_goes_before_what_the_network_server_decoded(resolver: Resolver) -> None:
    data = base64.b64encode(bytes.fromhex("0100d7")).decode()
    resolved = _resolved(resolver, "a81758fffe0c0001", data=data, object={"temperature": 70.7})
    assert _rows(resolved) == [(11, NOON, 21.5, Quality.MEASURED)]


def test_a_heat_meter_says_its_serial_number_too(resolver: Resolver) -> None:
    frame = "150406 40e20100 0414 cd810100 022d 2a00 023b 7b00 025a ad02 025e 4b01 0c78 29110366 04fd17 00000000"
    resolved = _sent(resolver, "94193a010b000001", frame.replace(" ", ""))
    assert _rows(resolved) == [(21, NOON, 123456.0, Quality.MEASURED), (22, NOON, 33.1, Quality.MEASURED)]
    assert [sighting.serial_number for sighting in resolved.sightings] == ["66031129"]


def test_a_profile_may_stand_in_the_city_file(resolver: Resolver) -> None:
    assert _rows(_sent(resolver, "a81758fffe0c0003", "7efe0c")) == [(31, NOON, -5.0, Quality.MEASURED)]


def test_a_decoded_object_is_taken_by_the_path_of_its_field(resolver: Resolver) -> None:
    resolved = _resolved(resolver, "a81758fffe0c0002", object={"temp": {"air": 19.25, "floor": 17}, "battery": 3.1})
    assert _rows(resolved) == [(13, NOON, 19.25, Quality.MEASURED)]
    assert not resolved.refusals


def test_a_frame_that_nobody_decodes_is_told_and_stands_for_no_reading(resolver: Resolver) -> None:
    ((reason, readings, detail),) = _told(_sent(resolver, "a81758fffe0c0002", "0100d7"))
    assert (reason, readings) == ("empty", 0)
    assert detail.startswith("the uplink is not decoded; expected a codec at the network server, or a profile")


def test_a_frame_cut_off_keeps_what_came_before_and_tells_where(resolver: Resolver) -> None:
    resolved = _sent(resolver, "a81758fffe0c0001", "0100d70602")
    assert _rows(resolved) == [(11, NOON, 21.5, Quality.MEASURED)]
    assert _told(resolved) == [("undecodable", 1, "elsys: the frame ends after 5 bytes, within co2")]


def test_a_reading_that_says_how_old_it_is_was_measured_so_long_before_its_arrival(resolver: Resolver) -> None:
    pack = json.dumps([{"n": "air", "u": "Cel", "v": 41, "t": -90}]).encode()
    resolved = resolver.resolve([RawMessage("packs/probe", pack, ARRIVAL)])
    assert _rows(resolved) == [(41, ARRIVAL - 90 * SECOND, 41.0, Quality.ARRIVAL_TIME)]


def test_a_profile_that_nobody_knows_is_a_fault_of_the_city_file() -> None:
    city = towns.city(
        _climate("room", "indoor_temperature", profile="elsis"),
        bindings=[{"name": "lorawan", "topic": "up/{device}", "decoder": "chirpstack"}],
        profiles=[PROFILE, PROFILE],
    )
    faults = dict(payload_fields.faults(city))
    assert faults["devices[0].binding.profile"].endswith("not 'elsis'; did you mean elsys?")
    assert faults["profiles[1].name"] == "expected a name of its own, 'cellar_sensor' is another profile's too"


def test_an_eui_that_payloads_spell_otherwise_is_a_fault_of_the_city_file() -> None:
    city = towns.city(
        _climate("room", sending("indoor_temperature", field="object.t"), device="A8-17-58-FF-FE-0C-00-01"),
        _climate("hall", sending("indoor_temperature", field="object.t"), device="Hall-2"),
        bindings=[{"name": "lorawan", "topic": "up/{device}", "decoder": "loriot"}],
    )
    expected = "expected 'a81758fffe0c0001', not 'A8-17-58-FF-FE-0C-00-01'"
    assert dict(payload_fields.faults(city)) == {"devices[0].binding": expected}


def test_a_series_that_a_profile_does_not_measure_needs_its_field() -> None:
    city = towns.city(
        _climate("room", "global_irradiance", profile="elsys"),
        bindings=[{"name": "lorawan", "topic": "up/{device}", "decoder": "chirpstack"}],
    )
    expected = "expected field: what payloads call it; elsys does not say what is global_irradiance"
    assert dict(payload_fields.faults(city)) == {"devices[0].series[0]": expected}
