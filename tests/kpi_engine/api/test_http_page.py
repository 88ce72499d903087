"""docs/http.md: every command of the page, word by word and in its order, answers as the page says."""

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import httpx
import pytest

from ingest.model.time import to_micros

if TYPE_CHECKING:
    from tests.kpi_engine.api.conftest import Towns

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(shutil.which("curl") is None, reason="the commands of the page need curl"),
]

SENSORS: Final = Path(__file__).parents[3] / "docs" / "devices" / "shelly-sensors.md"
NGSI_LD: Final = SENSORS.parents[1] / "formats" / "ngsi_ld.md"
ANY_BLOCK: Final = re.compile(r"^( *)```(yaml|json|text)\n(.*?)^\1```", re.DOTALL | re.MULTILINE)
FENCED: Final = re.compile(r"^( *)```(yaml|http)\n(.*?)^\1```", re.DOTALL | re.MULTILINE)
PAGE: Final = Path(__file__).parents[3] / "docs" / "http.md"
BLOCK: Final = re.compile(r"^( *)```(yaml|sh|json)\n(.*?)^\1```", re.DOTALL | re.MULTILINE)
ANYTHING: Final = "..."


def shown(answer: Any, page: Any) -> Any:  # noqa: ANN401 - JSON
    """Return an answer as the page writes it: what differs each time as three dots."""
    if page == ANYTHING:
        return ANYTHING
    if isinstance(answer, dict) and isinstance(page, dict):
        return {key: shown(value, page.get(key)) for key, value in answer.items()}
    return answer


def test_every_command_answers_as_the_page_says(open_towns: "Towns", tmp_path: Path) -> None:
    blocks = [(kind, dedent(text)) for _, kind, text in BLOCK.findall(PAGE.read_text(encoding="utf-8"))]
    (city,) = [text for kind, text in blocks if kind == "yaml"]
    (tmp_path / "port.yaml").write_text(city)
    commands = [text for kind, text in blocks if kind == "sh"]
    answers = [json.loads(text) for kind, text in blocks if kind == "json"]
    script = "\n".join(f"{{\n{text}}} > answer-{number}\n" for number, text in enumerate(commands))
    given = {"PHAROS": open_towns.url, "TOKEN": open_towns.token("admin"), "PATH": "/usr/bin:/bin", "no_proxy": "*"}
    run = subprocess.run(
        ["sh", "-eu", "-c", script], cwd=tmp_path, env=given, capture_output=True, text=True, check=False
    )
    assert run.stderr == ""
    assert len(commands) == len(answers)
    told = [_last((tmp_path / f"answer-{number}").read_text()) for number in range(len(commands))]
    assert [shown(one, page) for one, page in zip(told, answers, strict=True)] == answers


def test_a_sensor_that_asks_for_the_address_of_its_page_is_connected(open_towns: "Towns") -> None:
    text = SENSORS.read_text(encoding="utf-8")
    shown = [(kind, dedent(block)) for _, kind, block in re.findall(FENCED, text)]
    city, address = (next(block for kind, block in shown if kind == wanted) for wanted in ("yaml", "http"))
    (appended,) = re.findall(r"ends in `([^`]+)`", text)
    with open_towns.client("admin") as client:
        assert client.put("/cities/harbour/file?losses=true", content=city).json()["applied"]
        secret = client.post("/cities/harbour/devices/archive/credential").json()["secret"]
    asked = urlsplit(address.strip().replace("SECRET", secret) + appended)
    answer = httpx.get(f"{open_towns.url}{asked.path}?{asked.query}", timeout=120)
    assert (answer.status_code, answer.json()["stored"], answer.json()["refusals"]) == (202, 2, [])
    stranger = httpx.get(f"{open_towns.url}{asked.path}?{asked.query.replace(secret, 'guessed')}", timeout=120)
    posted = httpx.post(f"{open_towns.url}{asked.path}?{asked.query}", json={"hum": "46"}, timeout=120)
    assert (stranger.status_code, posted.status_code) == (401, 401)
    assert secret not in answer.text


def test_an_ngsi_ld_broker_that_is_set_up_as_its_page_says_is_connected(open_towns: "Towns") -> None:
    text = NGSI_LD.read_text(encoding="utf-8")
    shown = [(kind, dedent(block)) for _, kind, block in re.findall(ANY_BLOCK, text)]
    city, notification = (next(block for kind, block in shown if kind == wanted) for wanted in ("yaml", "json"))
    bound, subscription = [block for kind, block in shown if kind == "text"]
    endpoint = json.loads(subscription)["notification"]["endpoint"]
    (header,) = endpoint["receiverInfo"]
    with open_towns.client("admin") as client:
        over_http = re.sub(r"^bindings: .*\n", bound, city, flags=re.MULTILINE)
        assert client.put("/cities/harbour/file?losses=true", content=over_http).json()["applied"]
        secret = client.post("/cities/harbour/devices/broker/credential").json()["secret"]
    open_towns.now = to_micros(datetime(2026, 7, 1, 12, 0, 4, tzinfo=UTC))  # when the broker of the page notifies
    headers = {header["key"]: header["value"].replace("SECRET", secret), "Content-Type": "application/ld+json"}
    address, sent = f"{open_towns.url}{urlsplit(endpoint['uri']).path}", json.loads(notification)["body"]
    simplified = {**sent, "data": [{**one, **_values(one)} for one in sent["data"]]}
    told = [httpx.post(address, json=one, headers=headers, timeout=120) for one in (sent, sent, simplified)]
    assert [one.status_code for one in told] == [202] * 3
    assert [(one.json()["stored"], one.json()["duplicate"]) for one in told[:2]] == [(3, 0), (0, 3)]
    assert told[2].json()["refusals"] == []


def _values(entity: dict[str, Any]) -> dict[str, Any]:
    """Return the properties of an entity as key-values."""
    return {name: one["value"] for name, one in entity.items() if isinstance(one, dict)}


def _last(text: str) -> Any:  # noqa: ANN401 - JSON
    """Return the last answer of a block that asks several times."""
    found, at = None, 0
    while at < len(text):
        found, at = json.JSONDecoder().raw_decode(text, at)
    return found
