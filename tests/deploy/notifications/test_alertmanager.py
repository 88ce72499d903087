"""Alertmanager tells the same people, by a configuration that its own tool takes."""

import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest
import yaml

from deploy.errors import NotificationError
from deploy.notifications import declaration
from deploy.notifications.alertmanager import configuration

WHOLE: Final = """
receivers:
  shift: {mail: [a@example.org, b@example.org]}
  room: {webhook: {url: "https://room.example.org/alarms"}}
  team: {apprise_file: services}
routes: [{receiver: shift}]
mail_server: {host: mail.example.org, sender: pharos@example.org, user: pharos, password_file: password}
"""


def made(folder: Path, told: str) -> str:
    path = folder / "notifications.yaml"
    path.write_text(WHOLE + told)
    return configuration(declaration.load(path))


def test_what_should_wake_somebody_goes_to_who_is_named_for_it(tmp_path: Path) -> None:
    text = made(tmp_path, "alertmanager: {receiver: shift, page: room}")
    document = yaml.safe_load(text)
    assert document["route"]["receiver"] == "shift"
    (page,) = document["route"]["routes"]
    assert (page["matchers"], page["receiver"]) == (['severity = "page"'], "room")
    shift, room = document["receivers"]
    assert [one["to"] for one in shift["email_configs"]] == ["a@example.org", "b@example.org"]
    assert room["webhook_configs"] == [{"url": "https://room.example.org/alarms", "send_resolved": True}]


@pytest.mark.process
@pytest.mark.skipif(shutil.which("amtool") is None, reason="amtool is not installed here")
def test_its_own_tool_takes_the_configuration(tmp_path: Path) -> None:
    path = tmp_path / "alertmanager.yml"
    path.write_text(made(tmp_path, "alertmanager: {receiver: shift, page: room}"))
    done = subprocess.run(["amtool", "check-config", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("told", "trouble"), [("", "expected alertmanager"), ("alertmanager: {receiver: team}", "expected mail or webhook")]
)
def test_nobody_to_tell_is_an_error(tmp_path: Path, told: str, trouble: str) -> None:
    with pytest.raises(NotificationError, match=trouble):
        made(tmp_path, told)
