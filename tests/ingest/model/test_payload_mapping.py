"""What a mapping of payloads may say, and how it is told what it may not."""

import pytest
from pydantic import ValidationError

from ingest.model.payload_mapping import PayloadMapping
from tests import towns
from tests.towns import electricity_meter

ENERGY = {"column": "kWh", "quantity": "electricity_energy"}
TIME = {"column": "at"}


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"values": []}, "at least 1 item"),
        ({"values": [ENERGY, ENERGY]}, "expected each column of values once, not 'kWh' twice"),
        ({"values": [{**ENERGY, "unit": "degC"}]}, "electricity_energy: 'degC' cannot be converted to 'kWh'"),
        ({"values": [{**ENERGY, "column": "a[*].b"}]}, r"expected \[\*\] in rows only"),
        ({"values": [{**ENERGY, "column": "a[b"}]}, "expected a path such as data.energy"),
        ({"values": [{**ENERGY, "column": "a" * 256}]}, "expected paths of at most 255 characters, not 256"),
        ({"header": ["kWh"]}, "expected a header of csv only"),
        ({"format": "csv", "rows": "items"}, "expected rows of json only"),
        ({"format": "csv", "header": ["at"]}, "expected columns that stand in the header, not 'kWh'"),
        ({"time": {**TIME, "epoch": "s", "format": "%d.%m.%Y %H:%M"}}, "expected either epoch or format"),
        ({"time": {**TIME, "zone": "Europe/Tallinn"}}, "expected a zone beside a format only"),
        ({"revision": {**TIME, "format": "%d.%m.%Y %H:%M"}}, "expected a zone beside the format of the revision"),
        ({"begin": TIME}, "expected begin and end, or time as the other edge"),
        ({"begin": TIME, "time": {**TIME, "format": "%d.%m.%Y %H:%M"}}, "expected a zone beside each format"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused(keys: dict[str, object], expected: str) -> None:
    with pytest.raises(ValidationError, match=expected):
        PayloadMapping.model_validate({"values": [ENERGY], **keys})


@pytest.mark.parametrize("keys", [{"decoder": "mapping"}, {"decoder": "tasmota", "mapping": {"values": [ENERGY]}}])
def test_the_decoder_mapping_has_a_mapping_and_no_other_has_one(keys: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="expected a mapping of the decoder mapping, and of no other"):
        towns.city(electricity_meter(), bindings=[{"name": "acme", "topic": "acme/{device}", **keys}])


def test_a_city_file_keeps_its_mapping_as_it_was_written() -> None:
    mapping = {"time": {"column": "at", "epoch": "s"}, "values": [{**ENERGY, "unit": "Wh"}]}
    binding = {"name": "acme", "topic": "acme/{device}", "decoder": "mapping", "mapping": mapping}
    city = towns.city(electricity_meter(binding="acme"), bindings=[binding])
    assert type(city).model_validate(city.model_dump(mode="json")) == city
