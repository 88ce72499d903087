"""Lines into a city file: where they belong, with its comments as they were, and only if it is valid then."""

from pathlib import Path

import pytest

from deploy import pasting
from ingest.errors import CityFileError
from ingest.inbox.proposal import Proposal
from ingest.model.city import city_file
from tests.towns import CITIES

DEVICES = """\
  - name: newcomer
    site: SITE
    type: heat_meter
    carrier: heat
    direction: consumption
    expected_interval: PT15M
    series:
      - {quantity: heat_energy}
"""
BINDINGS = '  - {name: zigbee, topic: "zigbee2mqtt/{device}", decoder: zigbee2mqtt, gateway: bridge}\n'


def proposal(devices: str, bindings: str = BINDINGS) -> Proposal:
    return Proposal(bindings, devices, (), ())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a city file that comes with Pharos, whose author has written comments."""
    file = tmp_path / "city.yaml"
    file.write_text((CITIES / "heat-meter-660.yaml").read_text())
    return file


def test_lines_go_to_the_ends_of_their_lists_and_nothing_else_changes(path: Path) -> None:
    before, city = path.read_text(), city_file.load(path)
    site = next(one.name for one in city.sites if one.vertical == "district_heating")
    after = pasting.write(path, proposal(DEVICES.replace("SITE", site)))
    assert [one.name for one in after.devices] == [*(one.name for one in city.devices), "newcomer"]
    assert [one.name for one in after.bindings] == ["zigbee"]
    kept = iter(path.read_text().splitlines())
    assert all(line in kept for line in before.splitlines())


def test_a_second_binding_stands_behind_the_first(path: Path) -> None:
    site = next(one.name for one in city_file.load(path).sites if one.vertical == "district_heating")
    pasting.write(path, proposal(DEVICES.replace("SITE", site)))
    other = BINDINGS.replace("zigbee2mqtt/", "acme/").replace("name: zigbee,", "name: acme,")
    again = pasting.write(path, proposal(DEVICES.replace("SITE", site).replace("newcomer", "another"), other))
    assert [one.name for one in again.bindings] == ["zigbee", "acme"]


def test_a_file_that_would_not_be_valid_is_left_as_it_was(path: Path) -> None:
    before = path.read_text()
    with pytest.raises(CityFileError, match="nowhere"):
        pasting.write(path, proposal(DEVICES.replace("SITE", "nowhere")))
    path.write_text(before.replace("\ndevices:\n", "\ndevices: []\n", 1))
    with pytest.raises(CityFileError, match="an item on each line"):
        pasting.write(path, proposal(DEVICES))
