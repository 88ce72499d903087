"""docs/http.md: every command of the page, word by word and in its order, answers as the page says."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from tests.kpi_engine.api.conftest import Towns

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(shutil.which("curl") is None, reason="the commands of the page need curl"),
]

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


def _last(text: str) -> Any:  # noqa: ANN401 - JSON
    """Return the last answer of a block that asks several times."""
    found, at = None, 0
    while at < len(text):
        found, at = json.JSONDecoder().raw_decode(text, at)
    return found
