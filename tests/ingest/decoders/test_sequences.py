"""Formats whose messages rest on those before them, by sequences of messages and what each of them says.

``sequences/DECODER/CASE``: numbered payloads, each with the type of its message and its device in the name, and
``expected.json``: of each message its samples, as golden cases write them, what is told of its flaws, and whether the
births of its edge node are asked for (``asks``).
"""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from ingest.decoders import DECODERS
from ingest.limits import DEFAULT
from ingest.model.edge_nodes import EdgeNodes
from tests.ingest.decoders.test_golden import said, spoken

SEQUENCES: Final = Path(__file__).parent / "sequences"
CASES: Final = {f"{path.parent.name}/{path.name}": path for path in sorted(SEQUENCES.glob("*/*"))}


def topic(message: Path) -> str:
    """Return the topic of a message: ``02-DBIRTH-meter-1.bin`` is a birth of meter-1."""
    _, kind, *device = message.stem.split("-", 2)
    return "/".join(("spBv1.0/harbour", kind, "plant-7", *device))


def heard(case: Path) -> list[dict[str, Any]]:
    """Return what each message of a sequence says."""
    decoder = DECODERS[case.parent.name]
    known: dict[str, Any] = {}
    found = []
    for message in sorted(case.glob("*.bin")):
        nodes = EdgeNodes(known.get)  # as if each was stored before the next one came
        nodes.begin()
        assert decoder.converse
        samples = decoder.converse(topic(message), nodes, message.read_bytes(), DEFAULT)
        known |= nodes.changed
        told = [flaw.detail for sample in samples for flaw in sample.flaws]
        online = {sample.device: sample.online for sample in samples if sample.online is not None}
        values = [each for sample in samples if (each := said(sample)) != {"device": sample.device}]
        found.append(
            {"message": message.stem, "samples": values, "told": told, "online": online, "asks": bool(nodes.asked)}
        )
    return [spoken({**each, "asks": each["asks"] or None}) for each in found]


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_each_message_says_what_it_means_after_those_before_it(case: Path) -> None:
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    assert heard(case) == expected


def test_a_format_that_rests_on_earlier_messages_has_sequences() -> None:
    assert {case.parent.name for case in CASES.values()} == {name for name, one in DECODERS.items() if one.converse}
