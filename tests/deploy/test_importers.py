"""Every mapping of an exported file that comes with Pharos reads the example of its page."""

import gzip
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pytest
import yaml

from deploy import mapping_files
from ingest.history import files
from ingest.history.mapping import Mapping, load
from ingest.history.packed import unpacked
from ingest.history.rows import Rows, resolve
from ingest.model.catalogue import Catalogue
from ingest.model.city.assets import City
from ingest.model.observation import Resolved
from ingest.model.reading import Quality
from processors.intake.trial import provisional_ids

PAGE: Final = (Path(__file__).parents[2] / "docs" / "importers.md").read_text(encoding="utf-8")
CITY: Final = City.model_validate(yaml.safe_load(re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0]))
CATALOGUE: Final = Catalogue([CITY], provisional_ids([CITY]))
OF_DATA: Final = ("citylearn-", "heat-meter-660", "trondheim-")  # published data have tests of their own


class Example(NamedTuple):
    """A file as a page shows it, what it is called and whom it is of, and how many readings it is said to hold."""

    name: str
    text: str
    devices: list[str]
    readings: int
    estimated: int


def _examples() -> Iterator[tuple[str, Example]]:
    for section in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]:
        mapping = section.splitlines()[0]
        command = re.search(r"```sh\npharos replay (.*?)\n```", section)
        shown = re.search(r"```(?:csv|xml|json|text)\n(.*?)```", section, re.DOTALL)
        told = re.search(r"\*\*Result:\*\* (\d+) readings?(?:, (\d+) of them estimated)?", section)
        if command and shown and told:
            words = shlex.split(command[1])
            devices = [words[place + 1] for place, word in enumerate(words) if word == "--device"]
            yield mapping, Example(words[-1], shown[1], devices, int(told[1]), int(told[2] or 0))


EXAMPLES: Final = dict(_examples())


def _read(name: str, path: Path, devices: list[str]) -> Resolved:
    mapping: Mapping = load(mapping_files.path(name)).placed(CITY.timezone)
    if devices:
        mapping = mapping.for_devices(devices)
    (frame,) = files.rows(path, mapping.layout)
    assert files.count(path, mapping.layout) == frame.height
    return resolve(Rows(frame, path.name, 0), mapping, CATALOGUE, CITY.name)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_of_a_mapping_is_read_whole(name: str, tmp_path: Path) -> None:
    example = EXAMPLES[name]
    (tmp_path / f"{example.name}.gz").write_bytes(gzip.compress(example.text.encode()))
    with unpacked(tmp_path / f"{example.name}.gz") as plain:
        found = _read(name, plain, example.devices)
    assert found.refusals == []
    assert len(found.batch) == example.readings
    assert int(np.sum(found.batch.quality == Quality.ESTIMATED)) == example.estimated


def test_every_mapping_of_an_exported_file_has_an_example() -> None:
    exported = {path.stem for path in mapping_files.shipped() if not path.stem.startswith(OF_DATA)}
    assert set(EXAMPLES) == exported
