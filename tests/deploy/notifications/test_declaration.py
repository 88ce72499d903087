"""A file of receivers and routes: what it may say, and what is refused with the line and what was expected."""

import re
from pathlib import Path

import pytest

from deploy.errors import NotificationError
from deploy.notifications import declaration

WHOLE = """
receivers:
  shift:
    mail: [shift@example.org]
  control-room:
    webhook: {url: "http://127.0.0.1:9/alarms", secret_file: secret}
routes:
  - receiver: control-room
  - receiver: shift
    cities: [town]
    least: major
    quiet: {from: "22:00", until: "06:00"}
    escalate: [{after: PT30M, receiver: control-room}]
mail_server: {host: 127.0.0.1, port: 25, security: none, sender: pharos@example.org}
"""


def load(folder: Path, text: str) -> declaration.Notifications:
    path = folder / "notifications.yaml"
    path.write_text(text)
    return declaration.load(path)


def test_a_file_names_receivers_and_what_each_is_told(tmp_path: Path) -> None:
    found = load(tmp_path, WHOLE)
    assert [route.receiver for route in found.routes] == ["control-room", "shift"]
    assert found.routes[0].wait.total_seconds() == 30


@pytest.mark.parametrize(
    ("said", "instead", "trouble"),
    [
        ("receiver: shift", "receiver: shfit", "did you mean shift?"),
        ("receiver: control-room}]", "receiver: nobody}]", "expected one of shift, control-room"),
        ("http://127.0.0.1:9/alarms", "http://elsewhere/alarms", "expected https"),
        ('url: "http://127.0.0.1:9/alarms", ', "", "expected url or url_file"),
        ("mail: [shift@example.org]", "mail: []", "expected mail, webhook or apprise_file"),
        ("cities: [town]", "rules: [silense]", "did you mean silence?"),
        ('until: "06:00"', 'until: "22:00"', "expected an end that differs"),
        ("least: major", "colour: red", "there is no such key"),
        (WHOLE[WHOLE.index("mail_server") :], "", "expected mail_server"),
    ],
)
def test_what_is_wrong_is_refused_with_what_was_expected(tmp_path: Path, said: str, instead: str, trouble: str) -> None:
    assert said in WHOLE
    with pytest.raises(NotificationError, match=re.escape(trouble)):
        load(tmp_path, WHOLE.replace(said, instead))
