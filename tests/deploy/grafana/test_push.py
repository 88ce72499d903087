"""Pushing brings every dashboard into Grafana once, and says in a sentence what stands in the way."""

import json
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from typer.testing import CliRunner

from deploy.cli import app
from deploy.cli import grafana as command
from deploy.embedded import ports
from deploy.errors import GrafanaError
from deploy.grafana import dashboard_files
from deploy.grafana.push import agrees, push

TOKEN = "glsa_secret"  # noqa: S105 - of a Grafana that exists in this test only


# What Grafana's published interface takes (swagger 2.0 of release 13), as far as pushing needs it: by method
# and path the keys of a body with their types; every other key or path is refused.
TAKES: dict[tuple[str, str], dict[str, type]] = {
    ("GET", r"/api/folders/[\w-]+"): {},
    ("POST", r"/api/folders"): {"uid": str, "title": str, "description": str, "parentUid": str},
    ("GET", r"/api/dashboards/uid/[\w-]+"): {},
    ("POST", r"/api/dashboards/db"): {
        "dashboard": dict,
        "folderUid": str,
        "message": str,
        "overwrite": bool,
        "isFolder": bool,
    },
    ("PATCH", r"/api/org/preferences"): {
        "homeDashboardUID": str,
        "theme": str,
        "timezone": str,
        "weekStart": str,
        "language": str,
    },
}
UID = re.compile(r"[\w-]{1,40}")


def refusal(method: str, path: str, body: dict[str, Any]) -> str | None:
    """Return what is wrong with a request by the published interface."""
    taken = [keys for (verb, form), keys in TAKES.items() if verb == method and re.fullmatch(form, path)]
    if not taken:
        return f"{method} {path} is no operation"
    for key, value in body.items():
        if not isinstance(value, taken[0].get(key, type(None))):
            return f"{method} {path} takes no {key}: {value!r:.40}"
    return next((f"no uid: {uid}" for uid in [body.get("uid", "folder")] if not UID.fullmatch(uid)), None)


class Grafana(HTTPServer):
    """As much of Grafana's HTTP interface as pushing needs, in memory."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folders: dict[str, Any] = {}
        self.dashboards: dict[str, Any] = {}
        self.preferences: dict[str, Any] = {}
        self.is_read_only = self.is_no_admin = False
        self.refused: list[str] = []

    @property
    def url(self) -> str:
        """Return where it listens."""
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Grafana

    def do_GET(self) -> None:
        self._check({})
        _, _, kind, *rest = self.path.split("/")
        held = self.server.folders if kind == "folders" else self.server.dashboards
        self._answer(*((200, held[rest[-1]]) if rest[-1] in held else (404, {"message": "not found"})))

    def do_POST(self) -> None:
        body = self._body()
        if self.server.is_read_only:
            self._answer(403, {"message": "Access denied"})
        elif self.path == "/api/folders":
            self.server.folders[body["uid"]] = body
            self._answer(200, body)
        else:
            uid = body["dashboard"]["uid"]
            version = self.server.dashboards.get(uid, {"dashboard": {"version": 0}})["dashboard"]["version"] + 1
            held = {**body["dashboard"], "id": 7, "version": version}
            self.server.dashboards[uid] = {"dashboard": held, "meta": {"folderUid": body["folderUid"]}}
            self._answer(200, {"status": "success", "version": version})

    def do_PATCH(self) -> None:
        body = self._body()
        if self.server.is_no_admin:
            self._answer(403, {"message": "Access denied"})
        else:
            self.server.preferences |= body
            self._answer(200, {"message": "Preferences updated"})

    def _body(self) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._check(body)
        return body

    def _check(self, body: dict[str, Any]) -> None:
        self.server.refused += filter(None, [refusal(self.command, self.path, body)])

    def _answer(self, status: int, document: dict[str, Any]) -> None:
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            status, document = 401, {"message": "Unauthorized"}
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the standard library's
        """Say nothing."""


@pytest.fixture
def grafana() -> Iterator[Grafana]:
    with Grafana() as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))  # how often it asks whether it should end
        thread.start()
        yield server
        server.shutdown()
        thread.join()
        assert server.refused == []


def test_every_dashboard_is_created_in_a_folder_of_its_own(grafana: Grafana) -> None:
    assert set(push(grafana.url, TOKEN).values()) == {"created"}
    assert grafana.folders["pharos"]["title"] == "Pharos"
    assert set(grafana.dashboards) == {path.stem for path in dashboard_files.FOLDER.glob("*.json")}


def test_pushing_again_makes_no_new_version(grafana: Grafana) -> None:
    push(grafana.url, TOKEN)
    assert set(push(grafana.url, TOKEN).values()) == {"unchanged"}
    assert {held["dashboard"]["version"] for held in grafana.dashboards.values()} == {1}


def test_what_somebody_changed_in_grafana_is_brought_back(grafana: Grafana) -> None:
    push(grafana.url, TOKEN)
    grafana.dashboards["pharos-city"]["dashboard"]["panels"][1]["title"] = "mine"
    outcomes = push(grafana.url, TOKEN)
    assert outcomes.pop("City overview") == "updated"
    assert set(outcomes.values()) == {"unchanged"}


def test_a_dashboard_that_was_moved_is_brought_back_to_its_folder(grafana: Grafana) -> None:
    push(grafana.url, TOKEN)
    grafana.dashboards["pharos-city"]["meta"]["folderUid"] = "elsewhere"
    assert push(grafana.url, TOKEN)["City overview"] == "updated"


def test_cells_lead_to_the_console_that_is_given(grafana: Grafana) -> None:
    push(grafana.url, TOKEN, "https://pharos.example.org")
    held = grafana.dashboards["pharos-city"]["dashboard"]["templating"]["list"]
    assert {one["name"]: one.get("query") for one in held}["console"] == "https://pharos.example.org"
    assert set(push(grafana.url, TOKEN, "https://pharos.example.org").values()) == {"unchanged"}


def test_the_organisation_begins_with_the_overview_where_that_is_asked_for(grafana: Grafana) -> None:
    push(grafana.url, TOKEN)
    assert grafana.preferences == {}
    push(grafana.url, TOKEN, is_home=True)
    assert grafana.preferences == {"homeDashboardUID": "pharos-city"}
    grafana.is_no_admin = True
    with pytest.raises(GrafanaError, match="must be Admin to set the home dashboard"):
        push(grafana.url, TOKEN, is_home=True)


def test_an_address_of_the_console_that_is_none_is_refused(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(TOKEN)
    command.register(app)
    asked = ["grafana", "push", "--url", "http://127.0.0.1:1", "--token-file", str(token), "--console"]
    told = CliRunner().invoke(app, [*asked, "javascript:alert(1)"])
    assert told.exit_code == 2
    assert "expected an address" in told.output


def test_a_wrong_token_is_said_to_be_one(grafana: Grafana) -> None:
    with pytest.raises(GrafanaError, match="expected the token of a service account"):
        push(grafana.url, "wrong")


def test_a_token_without_the_right_is_said_to_lack_it(grafana: Grafana) -> None:
    grafana.is_read_only = True
    with pytest.raises(GrafanaError, match="must be Editor or higher"):
        push(grafana.url, TOKEN)


def test_a_grafana_that_is_not_there_is_named() -> None:
    url = f"http://127.0.0.1:{ports.choose()}"
    with pytest.raises(GrafanaError, match=f"Grafana at {re.escape(url)} cannot be reached"):
        push(url, TOKEN)


@pytest.mark.parametrize(
    ("wanted", "held", "same"),
    [
        ({"a": 1}, {"a": 1, "id": 7}, True),
        ({"a": [{"b": 1}]}, {"a": [{"b": 1, "c": 2}]}, True),
        ({"a": [1]}, {"a": [1, 2]}, False),
        ({"a": 1}, {}, False),
        ({"a": {"b": 1}}, {"a": 1}, False),
    ],
)
def test_what_grafana_adds_is_no_difference_and_everything_else_is(wanted: object, held: object, same: bool) -> None:
    assert agrees(wanted, held) is same


def test_the_command_says_what_became_of_each_dashboard_and_the_token_nowhere(grafana: Grafana, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(f"{TOKEN}\n")
    command.register(app)
    told = CliRunner().invoke(app, ["grafana", "push", "--url", grafana.url, "--token-file", str(token)])
    assert told.exit_code == 0
    assert "created    City overview" in told.output
    assert TOKEN not in told.output
