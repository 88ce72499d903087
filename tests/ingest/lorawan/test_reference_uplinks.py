"""Uplinks as network servers forwarded them, public sample data: who sent what, and when."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from ingest.decoders import DECODERS
from ingest.limits import DEFAULT

SERVERS: Final = {
    "ChirpStack": "chirpstack",
    "LORIOT": "loriot",
    "ThingsStackCommunity": "the_things_stack",
    "ThingsStackIndustries": "the_things_stack",
}


def published(payload: Path) -> dict[str, Any]:
    """Return what the publisher of a payload reads from it: attributes and telemetry of its device."""
    result = json.loads(payload.with_name(payload.name.replace("payload", "result")).read_text(encoding="utf-8"))
    device: dict[str, Any] = result[0] if isinstance(result, list) else result
    return device


@pytest.mark.reference_data
def test_each_uplink_is_of_its_device_and_of_its_time(reference_data: Path) -> None:
    wrong, seen = [], 0
    for payload in sorted((reference_data / "payloads" / "lorawan").glob("*/*/*/uplink/payload*.json")):
        device = published(payload)
        if "eui" not in device["attributes"]:  # of one publisher, who takes the time of another step
            continue
        sample = DECODERS[SERVERS[payload.parts[-3]]].decode(payload.read_bytes(), DEFAULT)[0]
        assert sample.time is not None
        assert sample.frame is not None
        seen += 1
        found = sample.device, sample.time // 1000
        if found != (device["attributes"]["eui"].lower(), device["telemetry"][0]["ts"]):
            wrong.append((str(payload), found))
    assert wrong == []
    assert seen > 250
