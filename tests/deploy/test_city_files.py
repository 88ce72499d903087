"""Names that do not exist stop the registering of a city file and never a start."""

from pathlib import Path

import pytest

from deploy import city_files
from ingest.errors import CityFileError
from tests.towns import fact, heat_meter, town

FACTOR = '"heat": "en-iso-52000-1-district-heating"'
CITY = town(
    heat_meter(),
    factors={"heat": "en-iso-52000-1-district-heating"},
    sites={"house": {"facts": [fact("heated_area", 120, "m2")]}},
)


@pytest.fixture
def unknown_names(tmp_path: Path) -> Path:
    path = tmp_path / "harbour.yaml"
    assert FACTOR in CITY
    assert '"heated_area"' in CITY
    text = CITY.replace(FACTOR, FACTOR.replace("heating", "heatin"))
    path.write_text(text.replace('"heated_area"', '"heatedarea"'), encoding="utf-8")
    return path


def test_a_city_file_with_unknown_names_is_not_registered(unknown_names: Path) -> None:
    with pytest.raises(CityFileError) as refused:
        city_files.load(unknown_names)
    factor, fact = refused.value.faults
    assert (factor.line, factor.key) == (
        CITY[: CITY.index(FACTOR)].count("\n") + 1,
        "factors.heat",
    )
    assert "did you mean en-iso-52000-1-district-heating?" in factor.expected
    assert "did you mean heated_area?" in fact.expected


def test_a_start_says_unknown_names_and_serves_the_city(unknown_names: Path) -> None:
    said: list[str] = []
    (city,) = city_files.started([unknown_names], said.append)
    assert city.name == "harbour"
    assert len(said) == 2
    assert said[0].startswith(f"{unknown_names}:")
    served = "; the city is served, and figures that need it are missing"
    assert said[0].endswith(f"{served}, unless it was imported")  # a start has no database yet to ask
    assert said[1].endswith(served)


def test_a_start_stops_at_other_faults_and_at_a_city_of_two_files(unknown_names: Path) -> None:
    with pytest.raises(CityFileError, match="is in 2 files"):
        city_files.started([unknown_names, unknown_names], lambda _: None)
    unknown_names.write_text(CITY.replace("Europe/Copenhagen", "Europe/Atlantis"), encoding="utf-8")
    with pytest.raises(CityFileError, match="IANA zone"):
        city_files.started([unknown_names], lambda _: None)
