"""Logs are one JSON object a line, with tracebacks and without local variables."""

import json
import logging

import pytest
import structlog

from deploy.logging import configure

pytestmark = pytest.mark.usefixtures("_log_put_back")


def test_an_event_is_one_json_object_marked_with_its_role(capsys: pytest.CaptureFixture[str]) -> None:
    configure("ingest")
    structlog.get_logger("ingest.sources").info("connected", broker="127.0.0.1:1883")
    event = json.loads(capsys.readouterr().err)
    assert (event["event"], event["role"], event["broker"]) == ("connected", "ingest", "127.0.0.1:1883")
    assert event["timestamp"].endswith("Z")


def test_a_traceback_is_logged_without_the_values_of_variables(capsys: pytest.CaptureFixture[str]) -> None:
    configure("ingest")
    password = "".join(["hun", "ter", "2"])
    try:
        int(f"x{password[:0]}")
    except ValueError:
        structlog.get_logger("ingest").exception("refused")
    written = capsys.readouterr().err
    assert "ValueError" in written
    assert password not in written


def test_libraries_are_heard_from_warnings_on(capsys: pytest.CaptureFixture[str]) -> None:
    configure("ingest")
    logging.getLogger("somelibrary").info("chatter")
    logging.getLogger("somelibrary").warning("trouble")
    assert [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()] == ["trouble"]
