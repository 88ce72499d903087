"""What programs read of Pharos is what Pharos does: kept as it is made, and valid by the schemas it claims."""

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import Any, Final

import pytest
import yaml

from deploy.schemas import SCHEMAS
from deploy.schemas.asyncapi import document
from ingest.decoders import DECODERS
from ingest.limits import DEFAULT
from ingest.topics import Channel, parse
from tests import npm
from tests.every import of_every

ROOT: Final = Path(__file__).parents[3]
PROJECT: Final = ROOT / "tests" / "asyncapi"
KEPT: Final = ROOT / "docs" / "schemas"
GOLDEN: Final = ROOT / "tests" / "ingest" / "decoders" / "golden" / "pharos"
PUBLISHED: Final = "node_modules/@asyncapi/specs/schemas/3.0.0.json"
BLOCK: Final = re.compile(r"^( *)```(yaml|json)\n(.*?)^\1```", re.DOTALL | re.MULTILINE)
NEW_QUANTITIES: Final = "extending.md"  # whose examples need code that the page adds; it is run by a test of its own
PAGES: Final = [
    path
    for path in sorted((ROOT / "docs").rglob("*.md"))
    if path.name != NEW_QUANTITIES and BLOCK.search(path.read_text(encoding="utf-8"))
]
CITIES: Final = sorted((ROOT / "deploy" / "cities").glob("*.yaml"))
LOADER: Final = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
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


@of_every({str(page.relative_to(ROOT / "docs")): page for page in PAGES})
def test_what_pages_show_of_payloads_and_city_files_is_as_the_schemas_say(page: Path) -> None:
    shown = [(kind, dedent(text)) for _, kind, text in BLOCK.findall(page.read_text(encoding="utf-8"))]
    told = {name: [fault.message for fault in _valid(name).iter_errors(one)] for name, one in _known(shown)}
    assert {name: faults for name, faults in told.items() if faults} == {}


@pytest.mark.long
@pytest.mark.parametrize("path", CITIES, ids=lambda path: path.stem)
def test_the_cities_that_ship_are_as_the_schema_says(path: Path) -> None:
    _, document = next(_known([("yaml", path.read_text(encoding="utf-8"))]))
    assert [fault.message for fault in _valid("city-file").iter_errors(document)] == []


def test_a_city_file_with_a_fault_is_not() -> None:
    (path,) = (path for path in CITIES if path.stem == "demo")
    _, document = next(_known([("yaml", path.read_text(encoding="utf-8"))]))
    assert not _valid("city-file").is_valid(document | {"color": "red"})
    document["devices"][0]["series"][0]["unit"] = 7
    assert not _valid("city-file").is_valid(document)


def test_native_payloads_are_decoded_whole_where_their_schema_takes_them_and_nowhere_else() -> None:
    decoded = {}
    for payload in sorted(GOLDEN.glob("*/payload.json")):
        with suppress(ValueError):
            document = json.loads(payload.read_bytes())
            is_whole = not any(one.flaws for one in DECODERS["pharos"].decode(payload.read_bytes(), DEFAULT))
            decoded[payload.parent.name] = is_whole, _valid("telemetry").is_valid(document)
    assert {name for name, (is_whole, is_taken) in decoded.items() if is_whole != is_taken} == set()
    assert {is_taken for _, is_taken in decoded.values()} == {True, False}


def test_every_reference_of_the_document_is_to_something_that_is_there() -> None:
    whole = document()
    targets = set(_references(whole))
    assert len(targets) > len(DECODERS)
    for target in targets:
        found: Any = whole
        for key in target.removeprefix("#/").split("/"):
            found = found[key.replace("~1", "/")]
        assert found


@cache
def _valid(name: str) -> Any:  # noqa: ANN401 - a package that has no types
    """Return what validates by a schema of ours; skip where nothing does."""
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed: examples were not validated")
    return jsonschema.Draft202012Validator(json.loads((KEPT / f"{name}.json").read_text(encoding="utf-8")))


def _known(shown: list[tuple[str, str]]) -> Iterator[tuple[str, Any]]:
    """Yield what has a schema of ours, with the name of that; an example of what a new decoder returns has none."""
    for kind, text in shown:
        if kind == "yaml":
            document: Any = json.loads(json.dumps(yaml.load(text, LOADER), default=str))  # noqa: S506 - a safe one
            if isinstance(document, dict) and {"timezone", "sites"} <= document.keys():
                yield "city-file", document
            continue
        with suppress(ValueError):
            document = json.loads(text)
            objects = document if isinstance(document, list) else [document]
            if all(isinstance(one, dict) and isinstance(one.get("values"), dict) for one in objects):
                yield "telemetry", document
            elif isinstance(document, dict) and {"accepted", "rejected"} <= document.keys():
                yield "feedback", document


def _references(found: object) -> Iterator[str]:
    if isinstance(found, dict):
        for key, one in found.items():
            if key == "$ref":
                yield one
            else:
                yield from _references(one)
    elif isinstance(found, list):
        for one in found:
            yield from _references(one)


def _written(folder: Path, found: object) -> str:
    path = folder / f"{len(list(folder.iterdir()))}.json"
    path.write_text(json.dumps(found), encoding="utf-8")
    return str(path)


def _told(validator: Path, schema: str, dialect: str, *documents: str) -> list[Any]:
    """Return the documents that do not hold."""
    command = ["node", "--eval", VALIDATE, "--", schema, dialect, *documents]
    result = subprocess.run(command, cwd=validator, capture_output=True, text=True, check=True)
    return [json.loads(Path(line).read_text(encoding="utf-8")) for line in result.stdout.splitlines()]
