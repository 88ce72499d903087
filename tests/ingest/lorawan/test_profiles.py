"""The profiles that ship: frames of each kind of device with what they say."""

from pathlib import Path
from typing import Any, Final

import pytest

from ingest.decoder import Frame, Sample
from ingest.decoders import DECODERS
from ingest.limits import DEFAULT
from ingest.lorawan import profiles
from ingest.lorawan.frames import read
from ingest.model.frames.profile import Profile
from tests.every import of_every
from tests.ingest.lorawan.test_reference_uplinks import SERVERS, published

# Public sample data, by maker and model: known results of the frames of these devices.
KNOWN: Final = {
    "Decentlab/DL-LP8P": "decentlab_dl_lp8p",
    "Decentlab/DL-PM": "decentlab_dl_pm",
    "Elsys/ERS2_CO2": "elsys",
    "Elsys/ERS2_Lite": "elsys",
    "Elsys/ERS2_VOC": "elsys",
    "Milesight/AM102L": "milesight_am102l",
    "Milesight/AM103L": "milesight_am103l",
    "Milesight/AM107": "milesight_am107",
    "Milesight/AM307L": "milesight_am307l",
    "Milesight/AM308L": "milesight_am308l",
    "Milesight/AM319L": "milesight_am319l",
    "Milesight/CT101-CT103": "milesight_ct10x",
    "Milesight/EM300-DI_Hall": "milesight_em300_di",
    "Milesight/EM300-MLD": "milesight_em300",
    "Milesight/EM300-TH": "milesight_em300",
    "Milesight/EM500-CO2": "milesight_em500_co2",
    "Milesight/GS301": "milesight_gs301",
    "Milesight/TS201": "milesight_ts201",
    "Netvox/R718A": "netvox_r718a",
    "Netvox/RA0715": "netvox_ra0715",
    "Tektelic/Vivid": "tektelic_comfort",
    "Yobiiq/EM4301": "yobiiq_em4301",
}
FRAMES: Final[list[tuple[str, int, str, dict[str, float]]]] = [
    ("elsys", 5, "0100d7022d04006405000602bc070dac", {"temperature": 21.5, "humidity": 45, "co2": 700, "vdd": 3500}),
    ("elsys", 5, "01ffce0b0000303914000f759a", {"temperature": -5, "pulse1_absolute": 12345, "pressure": 1013.146}),
    ("elsys", 6, "0100d73e0102030405", {"temperature": 21.5}),
    (
        "elvaco_cmi",  # integers, as at a Multical
        2,
        "15040640e201000414cd810100022d2a00023b7b00025aad02025e4b010c782911036604fd1700000000",
        {"energy": 123456, "volume": 987.65, "power": 4200, "flow": 0.123, "flow_temperature": 68.5},
    ),
    (
        "elvaco_cmi",  # decimal digits, as at an Ultraheat; a flow below zero
        2,
        "000c06563412000c14659807000b2d4200f00b3b2301f00a5a85060a5e31030c782911036602fd170000",
        {"energy": 123456, "volume": 798.65, "power": -4200, "flow": -0.123, "return_temperature": 33.1},
    ),
    ("elvaco_cmi", 2, "1f0407d2040000077929110366c514000401fd1700", {"energy": 12340, "error_flags": 0}),
    ("elvaco_cmi", 2, "1504fb003930000004141027000002fd170800", {"energy": 1_234_500, "volume": 100, "error_flags": 8}),
    ("elvaco_cmi", 2, "150cfb097856341204154d000000", {"energy": 12_345_678_000, "volume": 7.7}),
    ("milesight_em320", 85, "20ce9e74466310015d", {"temperature": 27.2, "humidity": 46.5}),
    ("milesight_am103l", 85, "01755c0367f5ff04685a077dbc02", {"temperature": -1.1, "humidity": 45, "co2": 700}),
    ("milesight_em300_di", 85, "05c839300000", {"pulse": 12345}),
    ("yobiiq_em2101", 1, "01016b0187c002036b0187c00304000030390714000000e6", {"activeEnergyImportL1T1": 12345}),
    ("dragino_lht65", 2, "cbf6ff9c022601ff387fff", {"BatV": 3.062, "TempC_SHT": -1, "Hum_SHT": 55, "TempC_DS": -2}),
    (
        "cayenne_lpp",
        1,
        "0167ffd7026859030200dc",
        {"temperature.1": -4.1, "relative_humidity.2": 44.5, "analog_in.3": 2.2},
    ),
    (
        "decentlab_dl_iam",
        1,
        "020bbd007f0b926a515d48bc4e0262006981c7000093d4000b0111",
        {"air_temperature": 27.6783, "air_humidity": 36.4385, "co2_concentration": 455, "barometric_pressure": 96412},
    ),
    ("decentlab_dl_sht35", 1, "02030e000364a079b10c60", {"air_temperature": 23.7877, "air_humidity": 47.5364}),
    ("milesight_em500_smtc", 85, "01756403671901046873057ff000", {"temperature": 28.1, "moisture": 57.5, "ec": 240}),
    ("netvox_r718a", 6, "0113012401f41388000000", {"battery_voltage": 3.6, "temperature": 5, "humidity": 50}),
    ("netvox_r718a", 6, "010b01a4ff9c157c000000", {"battery_voltage": 3.6, "temperature": -1, "humidity": 55}),
]


def shipped(name: str) -> Profile:
    """Return a profile that ships."""
    found = profiles.profile(name)
    assert found
    return found


@of_every({f"{profile}, {frame}": (profile, port, frame, values) for profile, port, frame, values in FRAMES})
def test_a_frame_says_what_its_device_measured(known: tuple[str, int, str, dict[str, float]]) -> None:
    profile, port, frame, values = known
    sample = read(shipped(profile), Sample(None, {}, frame=Frame(port, bytes.fromhex(frame))))[0]
    assert sample.flaws == ()
    assert {name: sample.values[name] for name in values} == pytest.approx(values, rel=1e-4)


@of_every({name: name for name in profiles.names()})
def test_a_profile_is_called_as_its_file_and_says_by_which_document(name: str) -> None:
    profile = shipped(name)
    assert profile.name == name
    assert profile.title
    assert profile.source
    assert any(step.value for message in profile.messages for step in message.steps)


def test_the_page_of_profiles_lists_those_that_ship() -> None:
    page = (Path(__file__).parents[3] / "docs" / "lorawan-profiles.md").read_text(encoding="utf-8")
    assert [name for name in profiles.names() if f"`{name}`" not in page] == []


@pytest.mark.reference_data
@pytest.mark.parametrize(("device", "profile"), KNOWN.items())
def test_known_results_are_what_a_profile_reads(device: str, profile: str, reference_data: Path) -> None:
    compared, wrong = 0, []
    for payload in sorted((reference_data / "payloads" / "lorawan" / device).glob("*/uplink/payload*.json")):
        sample = DECODERS[SERVERS[payload.parts[-3]]].decode(payload.read_bytes(), DEFAULT)[0]
        samples = read(shipped(profile), sample)
        by_time = {found.time // 1000: found for found in samples if found.time}
        for time, values in _telemetry(published(payload)):
            found = by_time.get(time, samples[0])
            for name, value in values.items():
                if name in found.values and isinstance(value, (int, float)):
                    compared += 1
                    if found.values[name] != pytest.approx(value, abs=0.005) and not _is_out_of_range(name, value):
                        wrong.append((payload.name, name, value, found.values[name]))
    assert wrong == []
    assert compared


def _telemetry(device: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    given = device["telemetry"]
    rows = given if isinstance(given, list) else [given]
    return [(row.get("ts", 0), row.get("values", row)) for row in rows]


def _is_out_of_range(name: str, value: float) -> bool:
    """Whether a made-up history holds a temperature that its publisher reads without a sign."""
    return name == "temperature" and value > 3276.7
