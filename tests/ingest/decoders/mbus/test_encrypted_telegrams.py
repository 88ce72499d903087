"""Encrypted telegrams of wireless meters, and those that a receiver decrypted without saying so in their header."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from ingest import payload_fields
from ingest.decoders import DECODERS, mbus
from ingest.errors import DecodeError
from ingest.limits import DEFAULT
from ingest.meter_keys import KeyFiles
from ingest.model.city.assets import City
from ingest.model.observation import RawMessage
from ingest.reasons import Reason
from processors.intake.trial import trial
from tests import towns
from tests.towns import heat_meter, sending


class Known(NamedTuple):
    """A telegram with the key of its meter, and what is read from it."""

    number: str
    key: str
    telegram: str
    volume: float | None
    energy: float | None


# Two telegrams that wmbusmeters has in its own tests (github.com/wmbusmeters/wmbusmeters, serial_aes.msg and
# picoflux.xmq), with the results that it gives; the third was encrypted by the command line of OpenSSL 3.0.
KNOWN: Final = {
    "session_of_the_extended_link_layer": Known(
        "76348799",
        "28F64A24988064A079AA2C807D6102AE",
        "2A442D2C998734761B168D2091D37CAC21E1D68CDAFFCD3DC452BD802913FF7B1706CA9E355D6C2701CC24",
        6.408,
        None,
    ),
    "mode_5": Known(
        "57530510",
        "9F5213BC13841410BB1410141515E4D5",
        "6e446d141005535705077aa900600544f4d6e4edb113cdb888981db36355614215a48c813a08dea801b46bd5612fa0bea01763ceed5fa0e0"
        "f44b8b7f983f08f6cc6694d63c56a6edc6498978373f1c71430167bc360144f26cfa8d06fe41f05cbc1d2b463dfa696f7a36a85e964f4f",
        10.617,
        None,
    ),
    "mode_7": Known(
        "12345678",
        "000102030405060708090A0B0C0D0E0F",
        "40449315785634123303900F002C250100000011223344556677887A2A002007103ba93d65c1ab8e945ce34deaddb9ae201c7064d42a47ac"
        "b5a39bd1a5943ed796",
        None,
        2850427,
    ),
}
DECRYPTED: Final = b"1E442D2C1298436835047A010010252F2F0C06270485022F2F2F2F2F2F2F2F"  # its header says mode 5


def keys(number: str, key: str) -> Callable[[], Mapping[str, bytes]]:
    """Return what returns the key of one meter."""
    return lambda: {number: bytes.fromhex(key)}


@pytest.fixture(params=list(KNOWN.values()), ids=list(KNOWN))
def known(request: pytest.FixtureRequest) -> Known:
    found: Known = request.param
    return found


def test_a_telegram_is_read_by_the_key_of_its_meter(known: Known) -> None:
    (sample,) = mbus.decrypt(keys(known.number, known.key), known.telegram.encode(), DEFAULT)
    assert (sample.device, sample.values.get("Volume"), sample.values.get("Energy")) == (
        known.number,
        known.volume,
        known.energy,
    )


def test_a_wrong_key_is_told_and_makes_no_reading(known: Known) -> None:
    wrong = "FF" * 16
    with pytest.raises(DecodeError, match="does not open it") as told:
        mbus.decrypt(keys(known.number, wrong), known.telegram.encode(), DEFAULT)
    assert wrong.lower() not in str(told.value).lower()


def test_without_a_key_it_says_of_which_meter_one_is_expected(known: Known) -> None:
    with pytest.raises(DecodeError, match=f"the telegram of {known.number} is encrypted"):
        mbus.decode(known.telegram.encode())


def test_what_a_receiver_decrypted_needs_no_key() -> None:
    (sample,) = mbus.decode(DECRYPTED)
    assert sample.values == {"Energy": 2850427.0}


def test_a_part_of_a_frame_is_refused_wherever_it_ends(known: Known) -> None:
    for end in range(2, len(known.telegram), 2):
        with pytest.raises(DecodeError):
            mbus.decrypt(keys(known.number, known.key), known.telegram[:end].encode(), DEFAULT)


def bound(binding: dict[str, str]) -> City:
    """Return a city whose water meter speaks through a binding."""
    meter = heat_meter(
        sending("volume"), name="water", native_id=KNOWN["mode_5"].number, binding="radio", timezone="Etc/UTC"
    )
    common = {"name": "radio", "topic": "mbus/{line}", "gateway": "receiver"}
    return towns.city(meter, bindings=[common | binding])


def test_the_keys_that_a_binding_names_open_what_comes_through_it(tmp_path: Path) -> None:
    known = KNOWN["mode_5"]
    (tmp_path / "meters.keys").write_text(f"{known.number} {known.key}\n")
    message = RawMessage("mbus/1", known.telegram.encode(), 1_795_262_400_000_000)
    city = bound({"decoder": "mbus", "keys": "meters"})
    (row,) = trial(message, [city], DECODERS["pharos"], keys=KeyFiles(tmp_path)).rows
    assert (row.device, row.value) == ("water", 10.617)
    (refusal,) = trial(message, [city], DECODERS["pharos"]).refusals
    assert (refusal.reason, refusal.device) == (Reason.UNDECODABLE, "receiver")


def test_keys_are_of_payloads_that_may_be_encrypted() -> None:
    assert dict(payload_fields.faults(bound({"decoder": "wmbusmeters", "keys": "meters"}))) == {
        "bindings[0].keys": "expected of payloads that may be encrypted only: mbus"
    }


def test_a_changed_file_of_keys_is_read_again(tmp_path: Path) -> None:
    files, path = KeyFiles(tmp_path), tmp_path / "meters.keys"
    with pytest.raises(DecodeError, match=r"meters\.keys cannot be read"):
        files("meters")
    path.write_text(f"# heat\n68439812 {'00' * 16}\n")
    assert files("meters") == {"68439812": bytes(16)}
    path.write_text(f"68439812={'00' * 16}\n76348799: {'01' * 16}\n")
    assert files("meters")["76348799"] == b"\1" * 16


def test_a_line_that_holds_no_key_is_told_without_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "meters.keys").write_text(f"68439812 {'AB' * 15}\n")
    with pytest.raises(DecodeError, match=r"line 1 of meters\.keys holds no key") as told:
        KeyFiles(tmp_path)("meters")
    assert "ABAB" not in str(told.value)
