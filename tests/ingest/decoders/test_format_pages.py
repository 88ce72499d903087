"""The pages of formats show what works: their message, on a topic of their city file, is stored whole."""

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
WITH_EXAMPLE: Final = [name for name, path in PAGES.items() if "```yaml\n" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("name", WITH_EXAMPLE)
def test_the_message_of_a_page_is_stored_whole_by_its_city_file(name: str, tmp_path: Path) -> None:
    blocks = [(kind, dedent(text)) for _, kind, text in BLOCK.findall(PAGES[name].read_text(encoding="utf-8"))]
    declared = next(place for place, (kind, _) in enumerate(blocks) if kind == "yaml")
    (tmp_path / "city.yaml").write_text(blocks[declared][1], encoding="utf-8")
    city = city_file.load(tmp_path / "city.yaml")
    (binding,) = city.bindings
    topic = binding.template(city.name).filled({"device": city.devices[0].called.partition(":")[0]}, "any")
    message = RawMessage(topic, blocks[declared + 1][1].encode(), ARRIVAL)
    found = trial(message, [city], DECODERS["pharos"])
    assert found.refusals == []
    assert {row.device for row in found.rows} == {device.name for device in city.devices}


def test_pages_are_of_formats_that_exist() -> None:
    assert set(PAGES) <= set(DECODERS)
