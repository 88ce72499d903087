"""A pack says the same however its records share their base fields out (RFC 8428, 4.6)."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.decoders.senml_json import decode
from ingest.errors import OverLimitError
from ingest.limits import DEFAULT, PayloadLimits
from ingest.senml import names, pack, plain

NAMES = ("urn:dev:ow:10e2073a01080063:voltage", "urn:dev:mac:0024befffe804ff1_supply", "hall/3/humidity", "flow")
RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "n": st.sampled_from(NAMES),
            "t": st.integers(2**28, 2**31) | st.integers(-1000, 0),
            "u": st.sampled_from(["Cel", "%RH", "V"]),
            "v": st.integers(-1000, 1000),
        }
    ),
    min_size=1,
    max_size=5,
)


@given(records=RECORDS, cut=st.integers(0, 40), time=st.integers(-1000, 2**31), value=st.integers(-9, 9))
@settings(max_examples=min(50, settings().max_examples))
def test_base_fields_change_nothing(records: list[dict[str, object]], cut: int, time: int, value: int) -> None:
    packed: list[dict[str, object]] = []
    for record in records:
        name, when, given_value = str(record["n"]), record["t"], record["v"]
        assert isinstance(when, int)
        assert isinstance(given_value, int)
        base = {"bn": name[:cut], "bt": time, "bu": record["u"], "bv": value}
        packed.append(base | {"n": name[cut:], "t": when - time, "v": given_value - value})
    assert decode(json.dumps(packed).encode()) == decode(json.dumps(records).encode())


@given(
    records=RECORDS,
    base=st.sampled_from(
        [
            {},
            {"bn": "hall/"},
            {"bver": 9},
            {"bv": 0.5},
            {"bt": 5},
            {"s": 3},
            {"bs": 7},
            {"n": ""},
            {"vb": True},
            {"vs": "on"},
            {"vd": "aGk"},
        ]
    ),
)
@settings(max_examples=min(50, settings().max_examples))
def test_the_plain_and_the_patient_way_agree(records: list[dict[str, object]], base: dict[str, object]) -> None:
    without_value = [{key: held for key, held in record.items() if key != "v"} for record in records]
    for given_records in (records, without_value):
        payload = json.dumps([base, *(record | base for record in given_records)]).encode()
        found = plain.of_json(payload, DEFAULT)
        assert found is None or found == pack.samples(json.loads(payload), DEFAULT)


def test_texts_booleans_and_data_take_the_plain_way() -> None:
    records = [{"n": "a", "vs": "on"}, {"n": "b", "vb": False, "t": 1}, {"n": "c", "vd": "aGk"}, {"n": "d", "v": 2}]
    payload = json.dumps(records).encode()
    assert plain.of_json(payload, DEFAULT) == pack.samples(records, DEFAULT)
    assert len(plain.of_json(payload, DEFAULT) or ()) == 3


@pytest.mark.parametrize(
    ("full", "device", "field"),
    [
        ("urn:dev:ow:10e2073a01080063", "urn:dev:ow:10e2073a01080063", ""),
        ("urn:dev:ow:10e2073a01080063:voltage", "urn:dev:ow:10e2073a01080063", "voltage"),
        ("urn:dev:mac:0024befffe804ff1_temp_2", "urn:dev:mac:0024befffe804ff1", "temp_2"),
        ("urn:dev:ops:32473-Pump-5002:motor/current", "urn:dev:ops:32473-Pump-5002", "motor/current"),
        ("site/boiler:supply", "site/boiler", "supply"),
        ("boiler:", "boiler", ""),
        ("flow", None, "flow"),
        ("/3303/0/5700", None, "/3303/0/5700"),
    ],
)
def test_a_name_says_which_device_and_which_of_its_fields(full: str, device: str | None, field: str) -> None:
    assert names.read(full) == (device, field)


@pytest.mark.parametrize(
    ("records", "sentence"),
    [
        ([{"n": "a", "v": 1}] * 4, "found 4 records in one message, 3 are allowed"),
        ([{"bn": "a" * 21, "v": 1}], "found 21 characters in a name or a unit in one message, 20 are allowed"),
        ([{"n": "a", "u": "b" * 21, "v": 1}], "found 21 characters in a name or a unit in one message, 20 are allowed"),
    ],
)
def test_what_exceeds_a_limit_is_refused_whole(records: object, sentence: str) -> None:
    with pytest.raises(OverLimitError, match=sentence):
        decode(json.dumps(records).encode(), PayloadLimits(samples=3, name=20))
