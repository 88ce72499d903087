"""The pages of formats and devices show what works: their message, on a topic of their city file, is stored whole."""

import re
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent
from typing import Final

import pytest

from ingest.decoders import DECODERS
from ingest.model.city import city_file
from ingest.model.observation import RawMessage
from ingest.model.time import to_micros
from processors.intake.trial import trial

PAGES: Final = {path.stem: path for path in sorted(Path(__file__).parents[3].glob("docs/formats/*.md"))}
ARRIVAL: Final = to_micros(datetime(2026, 7, 1, 12, 20, tzinfo=UTC))
BLOCK: Final = re.compile(r"^( *)```(yaml|json|text)\n(.*?)^\1```", re.DOTALL | re.MULTILINE)
IN_HEXADECIMAL: Final = ("sparkplug_b",)
OF_DEVICES: Final = {path.stem: path for path in sorted(Path(__file__).parents[3].glob("docs/devices/*.md"))}
ALL: Final = PAGES | OF_DEVICES
WITH_EXAMPLE: Final = [name for name, path in ALL.items() if "```yaml\n" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("name", WITH_EXAMPLE)
def test_the_message_of_a_page_is_stored_whole_by_its_city_file(name: str, tmp_path: Path) -> None:
    blocks = [(kind, dedent(text)) for _, kind, text in BLOCK.findall(ALL[name].read_text(encoding="utf-8"))]
    declared = next(place for place, (kind, _) in enumerate(blocks) if kind == "yaml")
    (tmp_path / "city.yaml").write_text(blocks[declared][1], encoding="utf-8")
    city = city_file.load(tmp_path / "city.yaml")
    (binding,) = city.bindings
    field = next((series.field for series in city.devices[0].series if series.field), "any")
    device = city.devices[0].called.partition(":")[0]
    topic = binding.template.filled({**DECODERS[binding.decoder].tried, "device": device, "field": field}, "any")
    shown = blocks[declared + 1][1]
    message = RawMessage(topic, bytes.fromhex(shown) if name in IN_HEXADECIMAL else shown.encode(), ARRIVAL)
    found = trial(message, [city], DECODERS["pharos"])
    assert found.refusals == []
    assert {row.device for row in found.rows} == {device.name for device in city.devices}


def test_every_page_of_devices_has_an_example() -> None:
    assert set(OF_DEVICES) <= set(WITH_EXAMPLE)
    assert not set(OF_DEVICES) & set(PAGES)


def test_pages_are_of_formats_that_exist() -> None:
    assert set(PAGES) <= set(DECODERS)
