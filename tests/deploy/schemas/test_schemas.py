"""What programs read of Pharos is what Pharos does: kept as it is made, and valid by the schemas it claims."""

import json
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

from deploy.schemas import SCHEMAS
from deploy.schemas.asyncapi import document
from ingest.decoders import DECODERS
from ingest.limits import DEFAULT
from ingest.topics import Channel, parse
from tests import npm

ROOT: Final = Path(__file__).parents[3]
PROJECT: Final = ROOT / "tests" / "asyncapi"
KEPT: Final = ROOT / "docs" / "schemas"
GOLDEN: Final = ROOT / "tests" / "ingest" / "decoders" / "golden" / "pharos"
PUBLISHED: Final = "node_modules/@asyncapi/specs/schemas/3.0.0.json"
# One line for each document that does not hold. The schema of AsyncAPI brings the one of its own dialect with it.
VALIDATE: Final = """
const { readFileSync } = require("node:fs");
const [schema, dialect, ...documents] = process.argv.slice(1);
const Ajv = require(dialect === "2020" ? "ajv/dist/2020" : "ajv").default;
const ajv = new Ajv({ strict: false, meta: dialect === "2020", validateSchema: false });
require("ajv-formats").default(ajv);
const read = (path) => JSON.parse(readFileSync(path, "utf-8"));
const holds = ajv.compile(read(schema));
documents.filter((path) => !holds(read(path))).forEach((path) => console.log(path));
"""


@pytest.fixture(scope="module")
def validator() -> Path:
    """Return the folder with the published schema of AsyncAPI and what validates."""
    folder, missing = npm.installed(PROJECT)
    if missing:
        pytest.skip(f"nothing can be validated here: {missing}")
    return folder


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_the_docs_hold_is_current(name: str) -> None:
    made = json.dumps(SCHEMAS[name](), indent=1)
    assert (KEPT / f"{name}.json").read_text(encoding="utf-8") == f"{made}\n", f"run: pharos schema {name}"


def test_every_channel_of_devices_and_every_format_stands_in_the_document() -> None:
    channels = document()["channels"]
    native = {address.device: name for name, one in channels.items() if (address := parse(one["address"] or ""))}
    assert native
    assert {one["address"].rpartition("/")[2] for one in channels.values() if "{device}" in (one["address"] or "")} == {
        str(channel) for channel in Channel
    }
    assert channels["bound"]["messages"].keys() == {name for name, one in DECODERS.items() if one.foreign}


@pytest.mark.process
def test_the_document_is_valid_by_the_schema_of_asyncapi(validator: Path, tmp_path: Path) -> None:
    broken = {**document(), "operations": {"takeReadings": {"action": "listen"}}}
    assert _told(validator, PUBLISHED, "7", _written(tmp_path, document()), _written(tmp_path, broken)) == [broken]


@pytest.mark.process
def test_a_payload_that_its_schema_takes_is_decoded_whole(validator: Path, tmp_path: Path) -> None:
    documents = []
    for payload in sorted(GOLDEN.glob("*/payload.json")):
        try:
            documents.append(json.loads(payload.read_bytes()))
        except ValueError:
            continue
    refused = _told(validator, str(KEPT / "telemetry.json"), "2020", *(_written(tmp_path, one) for one in documents))
    taken = [one for one in documents if one not in refused]
    assert refused
    assert taken
    for one in taken:
        samples = DECODERS["pharos"].decode(json.dumps(one).encode(), DEFAULT)
        assert not any(sample.flaws for sample in samples)


@pytest.mark.process
def test_what_is_told_to_devices_is_as_its_schema_says(validator: Path, tmp_path: Path) -> None:
    good = {"accepted": 1, "rejected": 0, "since": "2026-11-22T02:28:11Z", "last_error": None}
    refused = {
        "reason": "clock_ahead",
        "field": "time",
        "detail": "a sentence",
        "count": 2,
        "at": "2026-11-22T02:30:00Z",
    }
    good |= {"clock_offset_s": -0.2, "at": "2026-11-22T02:31:47Z", "errors": [refused]}
    bad = {**good, "accepted": "1"}
    schema = str(KEPT / "feedback.json")
    assert _told(validator, schema, "2020", _written(tmp_path, good), _written(tmp_path, bad)) == [bad]


def _written(folder: Path, found: object) -> str:
    path = folder / f"{len(list(folder.iterdir()))}.json"
    path.write_text(json.dumps(found), encoding="utf-8")
    return str(path)


def _told(validator: Path, schema: str, dialect: str, *documents: str) -> list[Any]:
    """Return the documents that do not hold."""
    command = ["node", "--eval", VALIDATE, "--", schema, dialect, *documents]
    result = subprocess.run(command, cwd=validator, capture_output=True, text=True, check=True)
    return [json.loads(Path(line).read_text(encoding="utf-8")) for line in result.stdout.splitlines()]
