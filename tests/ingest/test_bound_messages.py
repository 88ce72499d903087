"""Messages on the topics of bindings: whose they are, which fields become which series, and what is refused why."""

import json
from typing import Any

import pytest

from ingest.decoder import Decoder, Flaw, Sample
from ingest.decoders import DECODERS
from ingest.errors import DecodeError
from ingest.limits import PayloadLimits
from ingest.model.catalogue import Catalogue
from ingest.model.observation import RawMessage, Resolved
from ingest.reasons import Reason
from ingest.resolve import Resolver
from processors.intake.trial import provisional_ids
from tests import towns
from tests.towns import Declared, charging_point, electricity_meter, sending

ARRIVAL = 1_795_262_460_000_000
ENERGY, POWER = "electricity_energy", "electricity_power"
GATEWAY: Declared = {"name": "plugs", "topic": "plugs/{device}", "decoder": "plugs", "gateway": "bridge"}


def _decode(payload: bytes, limits: PayloadLimits) -> list[Sample]:
    """Read ``[{"id": ..., fields}]``: a foreign format as small as one can be; ``!`` before a field is a flaw of it."""
    del limits
    try:
        samples = json.loads(payload)
    except ValueError:
        raise DecodeError("expected JSON") from None
    return [_sample(dict(sample)) for sample in samples]


def _sample(said: dict[str, object]) -> Sample:
    device = said.pop("id", None)
    flaws = tuple(Flaw(Reason.NOT_A_NUMBER, name, field=name[1:]) for name in said if name.startswith("!"))
    values = {name: None if value is None else float(str(value)) for name, value in said.items() if name[0] != "!"}
    units = {"energy": "Wh"} if "energy" in values else {}
    return Sample(ARRIVAL, values, units, flaws, device=None if device is None else str(device))


@pytest.fixture(autouse=True)
def plugs(monkeypatch: pytest.MonkeyPatch) -> None:
    meanings = {"energy": ENERGY, "total": ENERGY, "power": POWER}
    monkeypatch.setitem(DECODERS, "plugs", Decoder("plugs", "Plugs", frozenset(), _decode, meanings, foreign=True))


def _resolved(
    topic: str, payload: object, *devices: Declared, binding: Declared = GATEWAY
) -> tuple[Catalogue, Resolved]:
    city = towns.city(*devices, bindings=[binding])
    catalogue = Catalogue([city], provisional_ids([city]))
    text = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return catalogue, Resolver(catalogue, DECODERS["pharos"]).resolve([RawMessage(topic, text, ARRIVAL)])


def stored(topic: str, payload: object, *devices: Declared, binding: Declared = GATEWAY) -> dict[str, float]:
    """Return the values of a message that is taken whole, by device and quantity."""
    catalogue, resolved = _resolved(topic, payload, *devices, binding=binding)
    assert resolved.refusals == []
    series = [catalogue.series[each] for each in resolved.batch.series_id.tolist()]
    found = zip(series, resolved.batch.value.tolist(), strict=True)
    return {f"{one.device} {one.quantity}": value for one, value in found}


def refused(topic: str, payload: object, *devices: Declared, binding: Declared = GATEWAY) -> list[tuple[object, ...]]:
    """Return what is refused of a message: reason, of whom, the field, how many readings, and why."""
    _, resolved = _resolved(topic, payload, *devices, binding=binding)
    return [(one.reason, one.device, one.field, one.readings, one.detail) for one in resolved.refusals]


def plug(name: str, *series: str | Declared, **keys: Any) -> Declared:  # noqa: ANN401 - as towns takes them
    return electricity_meter(*series, name=name, **{"binding": "plugs", **keys})


def test_a_field_is_the_quantity_that_its_format_says_in_the_unit_that_its_format_says() -> None:
    assert stored("plugs/p1", [{"energy": 1500, "rssi": -60}], plug("p1")) == {f"p1 {ENERGY}": 1.5}


def test_a_series_takes_the_field_that_the_city_file_names_before_what_the_format_says() -> None:
    named = plug("p1", sending(ENERGY, field="total"))
    assert stored("plugs/p1", [{"energy": 1500, "total": 7}], named) == {f"p1 {ENERGY}": 7}


def test_a_device_may_be_called_otherwise_than_in_the_city_file() -> None:
    called = plug("p1", binding={"name": "plugs", "device": "Living room"})
    assert stored("plugs/Living room", [{"energy": 1500}], called) == {f"p1 {ENERGY}": 1.5}


def test_a_payload_speaks_of_the_devices_that_it_names_and_else_of_the_one_of_its_topic() -> None:
    payload = [{"id": "p1", "energy": 1000}, {"energy": 2000}]
    assert stored("plugs/p2", payload, plug("p1"), plug("p2")) == {f"p1 {ENERGY}": 1.0, f"p2 {ENERGY}": 2.0}


def test_where_nobody_is_named_it_is_the_only_device_of_the_binding() -> None:
    binding = {**GATEWAY, "topic": "meter/house-3"}
    assert stored("meter/house-3", [{"energy": 1000}], plug("p1"), binding=binding) == {f"p1 {ENERGY}": 1.0}
    (one,) = refused("meter/house-3", [{"energy": 1000}], plug("p1"), plug("p2"), binding=binding)
    sentence = "a message of binding plugs of harbour names no device, neither in its topic nor in its payload"
    assert one == ("unknown_device", "bridge", None, 1, sentence)


def test_two_devices_that_are_one_in_their_payloads_part_its_fields() -> None:
    taken = plug("in", sending(ENERGY, field="energy"), binding={"name": "plugs", "device": "m"})
    fed = plug("out", sending(ENERGY, field="total"), binding={"name": "plugs", "device": "m"}, direction="production")
    assert stored("plugs/m", [{"energy": 1000, "total": 3}], taken, fed) == {f"in {ENERGY}": 1.0, f"out {ENERGY}": 3.0}


def test_a_topic_may_say_which_field_its_payload_is() -> None:
    binding = {**GATEWAY, "topic": "plugs/{device}/{field}"}
    assert stored("plugs/p1/total", [{"value": 3}], plug("p1"), binding=binding) == {f"p1 {ENERGY}": 3.0}
    nested = plug("p1", sending(POWER, field="relay.power"))
    assert stored("plugs/p1/relay", [{"power": 2}], nested, binding=binding) == {f"p1 {POWER}": 2.0}


def test_the_native_format_on_another_topic_is_read_as_on_its_own() -> None:
    binding = {**GATEWAY, "decoder": "pharos"}
    point = charging_point("connector_status", sending(POWER, field="P"), name="p1", binding="plugs")
    payload = {"values": {"connector_status": "Charging", "P": 3}}
    assert stored("plugs/p1", payload, point, binding=binding) == {"p1 connector_status": 2.0, f"p1 {POWER}": 3.0}


def test_a_device_that_the_binding_does_not_declare_is_unknown_and_told_by_its_name() -> None:
    stranger = ("unknown_device", "plugs/p9", None, 1, "no device of binding plugs of harbour is called 'p9'")
    assert refused("plugs/p9", [{"energy": 1, "rssi": -60}], plug("p1")) == [stranger]
    assert refused("plugs/p9", [{"id": "p9", "energy": 1}], plug("p1"), electricity_meter(name="p9")) == [stranger]


def test_a_message_of_which_nothing_is_taken_is_told_and_stands_for_no_reading() -> None:
    (one,) = refused("plugs/p1", [{"rssi": -60}, {"battery": 90}], plug("p1"))
    assert one == (
        "empty",
        "p1",
        None,
        0,
        "no field of it is one that a series of plugs takes; it holds 'rssi', 'battery'",
    )


def test_what_is_wrong_with_a_field_that_nobody_takes_is_no_fault() -> None:
    assert stored("plugs/p1", [{"energy": 1000, "!rssi": 0}], plug("p1")) == {f"p1 {ENERGY}": 1.0}
    (one,) = refused("plugs/p1", [{"!energy": 0, "power": 1}], plug("p1"))
    assert one[:4] == ("not_a_number", "p1", "energy", 1)


def test_two_fields_of_one_quantity_are_told_where_the_city_file_names_none() -> None:
    (one,) = refused("plugs/p1", [{"energy": 1000, "total": 3}], plug("p1"))
    assert one[:4] == ("duplicate_key", "p1", ENERGY, 1)


def test_a_message_that_cannot_be_read_is_told_of_its_device_else_of_the_gateway() -> None:
    assert refused("plugs/p1", b"x", plug("p1"))[0][:2] == ("undecodable", "p1")
    assert refused("plugs/p9", b"x", plug("p1"))[0][:2] == ("undecodable", "bridge")


def test_a_decoder_that_this_version_does_not_have_refuses_what_comes() -> None:
    (one,) = refused("plugs/p1", [{"energy": 1}], plug("p1"), binding={**GATEWAY, "decoder": "morse"})
    assert one == (
        "undecodable",
        "p1",
        None,
        1,
        f"this version has no decoder 'morse'; expected one of {', '.join(DECODERS)}",
    )


def test_a_topic_of_no_binding_names_nobody() -> None:
    assert refused("plugs/p1/set", {"values": {"energy": 1}}, plug("p1"))[0][:2] == ("bad_topic", None)
