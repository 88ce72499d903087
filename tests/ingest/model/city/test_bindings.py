"""Bindings in a city file: what they say, what is wrong with them and where, and who may publish on their topics."""

import pytest

from deploy import city_files
from ingest.decoder import Decoder
from ingest.decoders import DECODERS
from ingest.errors import CityFileError
from ingest.model.binding_rights import BoundRight, Rights, rights
from ingest.model.bindings import Bindings
from ingest.model.city import city_file
from ingest.model.city.assets import City
from ingest.payload_fields import faults
from ingest.sources.pull.bound import faults as asked_faults
from tests import towns
from tests.towns import Declared, electricity_meter, sending

ZIGBEE = {"name": "zigbee", "topic": "zigbee2mqtt/{device}", "decoder": "plugs", "gateway": "bridge"}
SHELLY = {"name": "shelly", "topic": "shellies/{device}/{kind}", "decoder": "plugs"}
OUR_OWN = "bindings[0].topic: expected topics that are none of the native ones, pharos/v1/{city}/{device}/telemetry"
KNOWN = ", ".join([*DECODERS, "plugs"])
ENERGY = sending("electricity_energy")
PLUG = electricity_meter("electricity_energy", name="plug", binding="zigbee")


@pytest.fixture(autouse=True)
def plugs(monkeypatch: pytest.MonkeyPatch) -> None:
    meanings = {"energy": "electricity_energy", "power": "electricity_power"}
    plugs = Decoder("plugs", "Plugs", frozenset(), lambda payload, limits: [], meanings, foreign=True)
    monkeypatch.setitem(DECODERS, "plugs", plugs)


def told(*devices: Declared, bindings: list[Declared]) -> list[str]:
    """Return what is wrong with a city of these devices and bindings, each with its key."""
    return towns.wrong(towns.town(*devices, bindings=bindings), [faults])


def test_a_city_with_bindings_is_kept_as_it_was_written() -> None:
    named = electricity_meter(
        sending("electricity_energy", field="energy"), binding={"name": "zigbee", "device": "A b"}
    )
    document = towns.city_document(named, bindings=[ZIGBEE])
    kept = City.model_validate(document).model_dump(mode="json")
    assert kept["bindings"] == [ZIGBEE]
    assert kept["devices"][0]["binding"] == {"name": "zigbee", "device": "A b"}
    assert City.model_validate(kept) == City.model_validate(document)


def test_a_city_without_bindings_is_kept_as_before_there_were_any() -> None:
    kept = towns.city(electricity_meter()).model_dump(mode="json")
    assert "bindings" not in kept
    assert "binding" not in kept["devices"][0]
    assert "field" not in kept["devices"][0]["series"][0]


def test_a_topic_is_that_of_its_binding_and_says_the_device() -> None:
    found = Bindings([towns.city(PLUG, bindings=[ZIGBEE, SHELLY])]).of("zigbee2mqtt/plug")
    assert found
    bound, given = found
    assert (bound.city, bound.name, given, list(bound.devices)) == ("harbour", "zigbee", {"device": "plug"}, ["plug"])
    assert Bindings().of("zigbee2mqtt/plug") is None


def test_of_two_cities_with_one_topic_the_first_by_name_has_it_whatever_their_order() -> None:
    cities = [towns.city(PLUG, name=name, bindings=[ZIGBEE]) for name in ("quay", "harbour")]
    found = Bindings(cities).of("zigbee2mqtt/plug")
    assert found
    assert found[0].city == "harbour"


@pytest.mark.parametrize(
    ("devices", "bindings", "expected"),
    [
        ([PLUG], [ZIGBEE, SHELLY], []),
        (
            [PLUG],
            [{**ZIGBEE, "decoder": "plug"}],
            [f"bindings[0].decoder: expected one of {KNOWN}, not 'plug'; did you mean plugs?"],
        ),
        (
            [{**PLUG, "binding": "zigbe"}],
            [ZIGBEE],
            ["devices[0].binding: expected one of zigbee, not 'zigbe'; did you mean zigbee?"],
        ),
        (
            [PLUG],
            [ZIGBEE, {**SHELLY, "topic": "zigbee2mqtt/{device}"}],
            [
                "bindings[1].topic: expected topics of one binding each; some are also those of zigbee "
                "(zigbee2mqtt/{device})"
            ],
        ),
        (
            [PLUG],
            [{**ZIGBEE, "topic": "{a}/v1/{b}/{device}/telemetry"}],
            [OUR_OWN],
        ),
        (
            [PLUG],
            [{**ZIGBEE, "topic": "pharos/{device}"}],
            [OUR_OWN],
        ),
        (
            [],
            [{**SHELLY, "topic": "shellies/announce"}],
            ["bindings[0].topic: expected {device} in the topic, or a gateway that publishes there for its devices"],
        ),
        (
            [{**PLUG, "binding": {"name": "shelly", "device": "A b"}}],
            [SHELLY],
            ["devices[0].binding: expected letters, digits and signs that can stand in a topic, not 'A b'"],
        ),
        ([PLUG], [ZIGBEE, ZIGBEE], ["bindings[1].name: expected a name of its own, 'zigbee' is another binding's too"]),
        (
            [electricity_meter(sending("electricity_energy", field="energy"))],
            [],
            ["devices[0].series[0].field: expected of devices with a binding only"],
        ),
        (
            [{**PLUG, "series": [{**ENERGY, "field": "power"}, sending("electricity_power", field="power")]}],
            [ZIGBEE],
            ["devices[0].series[1].field: expected a field of its own; 'power' is electricity_energy of plug already"],
        ),
        (
            [{**PLUG, "series": [{**ENERGY, "field": "power"}, sending("electricity_power")]}],
            [ZIGBEE],
            [
                "devices[0].series[1]: expected field: what payloads call it; plugs does not say what is "
                "electricity_power"
            ],
        ),
        (
            [PLUG, {**PLUG, "name": "out", "binding": {"name": "zigbee", "device": "plug"}}],
            [ZIGBEE],
            [
                "devices[1].series[0]: expected field: what payloads call it; energy is electricity_energy of plug "
                "as well"
            ],
        ),
    ],
)
def test_what_is_wrong_with_bindings_is_told_where_it_stands(
    devices: list[Declared], bindings: list[Declared], expected: list[str]
) -> None:
    assert told(*(devices or [electricity_meter()]), bindings=bindings) == expected


def test_of_a_binding_that_is_not_well_formed_nothing_follows_for_its_devices() -> None:
    (fault,) = told(PLUG, bindings=[{**ZIGBEE, "topic": "zigbee2mqtt/#"}])
    assert fault.startswith("bindings[0].topic: expected a topic such as zigbee2mqtt/{device}")
    assert fault.endswith("not '#'")


def test_a_fault_names_the_binding_and_its_line() -> None:
    text = towns.town(PLUG, bindings=[{**ZIGBEE, "decoder": "plug"}])
    with pytest.raises(CityFileError, match=r"^harbour\.yaml:\d+: bindings\[0\]\.decoder \(binding zigbee\): expected"):
        city_file.parse(text, "harbour.yaml", [faults])


def test_what_a_command_registers_is_checked_for_its_decoders() -> None:
    assert faults in city_files.rules(())


def test_a_gateway_publishes_for_all_its_devices_and_one_that_is_no_device_on_nothing_else() -> None:
    granted = rights([towns.city(PLUG, bindings=[ZIGBEE])])
    assert granted == {("harbour", "bridge"): Rights((BoundRight("zigbee2mqtt/+", "zigbee2mqtt/+"),), is_device=False)}


def test_without_a_gateway_each_device_publishes_on_its_own_topics_only() -> None:
    own = electricity_meter(native_id="S1", binding="shelly")
    granted = rights([towns.city(own, bindings=[SHELLY])])
    assert granted == {("harbour", "S1"): Rights((BoundRight("shellies/S1/+", "shellies/+/+"),), is_device=True)}


def test_rights_are_those_of_topics_that_ingest_listens_to() -> None:
    granted = rights([towns.city(PLUG, bindings=[ZIGBEE])])["harbour", "bridge"]
    assert granted.subscribed([]).bound == ()
    assert granted.subscribed(["zigbee2mqtt/+"]) == granted


HUB = {"name": "hub", "decoder": "eloverblik", "pull": {"since": "2026-01-01", "account": "meters"}}


def test_what_is_asked_for_is_published_by_nobody() -> None:
    meter = electricity_meter(sending("electricity_energy", kind="interval"), binding="hub")
    city = City.model_validate(towns.city_document(meter, bindings=[HUB]))
    (bound,) = Bindings([city])
    assert bound.template.text == f"pharos/pull/{city.name}/hub/{{device}}"
    assert (Bindings([city]).filters, rights([city])) == ((), {})
    kept = city.model_dump(mode="json")
    assert kept["bindings"] == [HUB | {"gateway": None}]
    assert City.model_validate(kept) == city


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        (
            {"pull": None},
            "bindings[0]: expected one of topic, on which devices publish, path",
        ),
        (
            {"topic": "x/{device}"},
            "bindings[0]: expected one of topic, on which devices publish, path",
        ),
        ({"gateway": "bridge"}, "bindings[0]: expected a gateway of topics or paths only"),
        ({"pull": {"account": "meters"}}, "bindings[0].pull.since"),
        ({"pull": {"since": "2026-01-01", "url": "https://x"}}, "bindings[0].pull.url: there is no such key"),
    ],
)
def test_a_binding_is_of_topics_or_asks(keys: Declared, fault: str) -> None:
    meter = electricity_meter(sending("electricity_energy", kind="interval"), binding="hub")
    assert any(one.startswith(fault) for one in told(meter, bindings=[{**HUB, **keys}]))


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        ({"decoder": "pharos"}, "bindings[0].decoder: expected a service that can be asked"),
        ({"pull": {"since": "2026-01-01"}}, "bindings[0].pull: expected account: the name of the file that holds"),
        ({"decoder": "elering", "pull": {"since": "2026-01-01"}}, None),
    ],
)
def test_a_service_that_is_asked_exists_and_has_its_account(keys: Declared, fault: str | None) -> None:
    city = City.model_validate(towns.city_document(electricity_meter("electricity_energy"), bindings=[{**HUB, **keys}]))
    found = [f"{key}: {expected}" for key, expected in asked_faults(city)]
    assert [one.startswith(fault or "") for one in found] == [True] * (fault is not None)
