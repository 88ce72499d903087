"""A guess at what somebody sends, and the lines of a city file for it, which are valid where they are pasted."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.decoders import DECODERS
from ingest.inbox.field_names import quantities, quantity
from ingest.inbox.guess import Guess, guess
from ingest.inbox.proposal import Proposal, propose
from ingest.model.catalogue import Catalogue
from ingest.model.city import city_file
from ingest.model.city.assets import City
from ingest.model.declarations import yaml_document
from ingest.model.observation import RawMessage
from ingest.model.time import MINUTE
from processors.intake.trial import provisional_ids, trial
from tests import towns
from tests.every import of_every

START = 1_795_262_400_000_000
SECONDS = START // 1_000_000
CITY = towns.city_document(
    towns.heat_meter(name="main"),
    towns.device("room", "indoor_climate_sensor", "indoor_temperature", site="flat"),
    towns.charging_point(name="point"),
)


def sent(topic: str, *said: object) -> list[RawMessage]:
    """Return messages of one sender, a quarter of an hour apart."""
    payloads = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in said]
    return [RawMessage(topic, payload, START + number * 15 * MINUTE) for number, payload in enumerate(payloads)]


def counted(make: Any, times: int = 6) -> list[object]:  # noqa: ANN401 - a function of a number
    """Return what is said ``times`` times."""
    return [make(number) for number in range(times)]


SENDERS: dict[str, tuple[list[RawMessage], str, set[tuple[str, str]]]] = {
    "zigbee2mqtt": (
        sent(
            "zigbee2mqtt/room_12", *counted(lambda n: {"temperature": 21 + n % 2, "humidity": 48 - n % 3, "battery": 9})
        ),
        "zigbee2mqtt",
        {("indoor_temperature", "gauge"), ("relative_humidity", "gauge")},
    ),
    "shelly, a value in each topic": (
        sent("shellies/shellyem-A1/emeter/0/total", *counted(lambda n: b"%d.5" % (4821763 + n))),
        "shelly",
        {("electricity_energy", "register")},
    ),
    "tasmota, by a clock without a zone": (
        sent("tele/plug1/SENSOR", *counted(lambda n: {"Time": f"2026-11-21T0{n}:15:05", "ENERGY": {"Total": 3.1 + n}})),
        "tasmota",
        {("electricity_energy", "register")},
    ),
    "json of nobody": (
        sent(
            "acme/m7/up",
            *counted(lambda n: {"at": SECONDS + 900 * n, "meter": {"id": 68}, "heat_mwh": 44.9 + n}),
        ),
        "mapping",
        {("heat_energy", "register")},
    ),
    "amounts of intervals": (
        sent("acme/m8/up", *counted(lambda n: {"ts": SECONDS + 900 * n, "energy_kwh": 1 + n % 2})),
        "mapping",
        {("electricity_energy", "interval")},
    ),
    "a heat meter of nobody, by what stands beside its energy": (
        sent(
            "acme/meters/0417/state",
            *counted(
                lambda n: {
                    "ts": (SECONDS + 900 * n) * 1000,
                    "meter": {
                        "id": "0417",
                        "energy_wh": 5_512_340 + 311 * n,
                        "power_kw": 3 + n % 2,
                        "flow_temp": 71 - n % 2,
                    },
                }
            ),
        ),
        "mapping",
        {("heat_energy", "register"), ("heat_power", "gauge"), ("supply_temperature", "gauge")},
    ),
    "csv whose first line has names": (
        sent(
            "dump/cellar-7/rows",
            *counted(
                lambda n: (
                    b"timestamp;meter_no;energy_kwh;room_temperature\n"
                    b"2026-11-21T0%d:00:00+01:00;A-%d;12%d,25;20,%d\n" % (n, 7, n, n % 2)
                )
            ),
        ),
        "mapping",
        {("electricity_energy", "register"), ("indoor_temperature", "gauge")},
    ),
    "native": (
        sent(
            "pharos/v1/harbour/m9/telemetry",
            *counted(lambda n: {"time": (SECONDS + 900 * n) * 1000, "values": {"heat_energy": n, "x": 2}}),
        ),
        "pharos",
        {("heat_energy", "register")},
    ),
    "a charging station": (
        sent(
            "ocpp/CP1/up/request/MeterValues/1",
            *counted(
                lambda n: {
                    "connectorId": 1,
                    "meterValue": [
                        {
                            "timestamp": f"2026-11-21T0{n}:00:00Z",
                            "sampledValue": [
                                {"value": str(1000 + n), "measurand": "Energy.Active.Import.Register", "unit": "Wh"}
                            ],
                        }
                    ],
                }
            ),
        ),
        "ocpp",
        {("electricity_energy", "register")},
    ),
}


def proposed(messages: list[RawMessage]) -> tuple[Guess, Proposal]:
    """Return the guess and the lines for the city, whose gateway speaks for all."""
    found = guess(messages)
    return found, propose(found, City.model_validate(CITY), gateway="bridge")


@of_every(SENDERS)
def test_the_format_and_what_it_measures_are_told_by_topic_names_and_curve(
    case: tuple[list[RawMessage], str, set[tuple[str, str]]],
) -> None:
    messages, decoder, measured = case
    found, _ = proposed(messages)
    assert found.decoder == decoder
    fields = [field for device in found.devices for field in device.fields if field.quantity]
    assert {(field.quantity, str(field.kind)) for field in fields} == measured


@of_every(SENDERS)
def test_the_lines_are_valid_where_they_are_pasted_and_what_was_sent_is_stored(
    case: tuple[list[RawMessage], str, set[tuple[str, str]]],
) -> None:
    messages, _, _ = case
    _, lines = proposed(messages)
    assert lines.faults == ()
    added: Any = yaml_document.read(lines.lines).value
    whole = {**CITY, **{key: [*CITY.get(key, []), *items] for key, items in added.items()}}
    city = city_file.parse(json.dumps(whole, default=dict), "pasted")
    assert Catalogue([city], provisional_ids([city]))
    result = trial(messages[-1], [city], DECODERS["pharos"])
    assert result.rows
    assert not [one for one in result.refusals if one.reason != "unknown_quantity"]


def test_what_no_format_reads_and_what_cannot_be_bound_has_no_lines() -> None:
    for messages in (sent("foo", b"\x00\xff"), sent("a b/c", {"x": 1}), []):
        _, lines = proposed(messages)
        assert lines.lines == ""
        assert lines.notes


def test_rows_without_names_are_told_to_be_rows() -> None:
    _, lines = proposed(sent("csv/77", *counted(lambda n: b"2026-11-21T0%d:00:00Z;1204.%d;55.1" % (n, n))))
    assert any("looks like CSV: name its columns in the header of a mapping" in note for note in lines.notes)


def test_what_has_no_quantity_is_none_of_what_it_is_part_of() -> None:
    names = ("ENERGY.Total", "ENERGY.Voltage", "ENERGY.Current", "meter.power_factor", "powerReactive", "supplyCurrent")
    assert {one: quantity(one) for one in names if quantity(one)} == {"ENERGY.Total": "electricity_energy"}
    beside = quantities(["energy_kwh", "pump_power_w", "flow_temp", "elec_kwh"])
    assert beside == {
        "energy_kwh": "heat_energy",
        "pump_power_w": "electricity_power",
        "flow_temp": "supply_temperature",
        "elec_kwh": "electricity_energy",
    }


def test_one_message_does_not_tell_a_curve_or_how_often_it_comes() -> None:
    found, lines = proposed(sent("zigbee2mqtt/plug", {"energy": 5.0}))
    assert found.interval is None
    assert found.devices[0].fields[0].kind is None
    assert any("how often" in note for note in lines.notes)


@settings(max_examples=min(40, settings().max_examples))
@given(st.lists(st.binary(max_size=60), max_size=4), st.text(max_size=20))
def test_whatever_comes_there_is_an_answer(payloads: list[bytes], topic: str) -> None:
    _, lines = proposed(sent(f"any/{topic}", *payloads))
    assert isinstance(lines.lines, str)
