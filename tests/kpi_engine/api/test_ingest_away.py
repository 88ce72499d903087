"""Where readings cannot be stored, nothing is taken, and whoever sent them is told so."""

from typing import TYPE_CHECKING

import httpx
import pytest

from deploy.embedded.credentials import DeviceCredentials
from deploy.embedded.folder import DataFolder
from deploy.http_administration import administration
from deploy.settings import Settings
from kpi_engine.api.administration import Administration
from tests.kpi_engine.api.conftest import NOWHERE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kpi_engine.api.conftest import Server

pytestmark = pytest.mark.integration


def _posted(server: "Server", allowed: Administration, secret: str) -> httpx.Response:
    with server.answering_from(NOWHERE, administration=allowed):
        own = {"Authorization": f"Bearer harbour.meter.{secret}"}
        return httpx.post(f"{server.url}/api/v1/ingest", json={"values": {}}, headers=own, timeout=120)


def test_a_store_that_is_away_is_said_without_where_it_is(
    server: "Server", tmp_path: "Path", capfd: pytest.CaptureFixture[str]
) -> None:
    folder = DataFolder(tmp_path)
    secret = DeviceCredentials(folder.devices).add("harbour", "meter")
    settings = Settings.model_validate({"database_url": NOWHERE, "writer_url": NOWHERE, "data": folder.root})
    refused = _posted(server, administration(settings), secret)
    assert refused.status_code == 503
    assert refused.headers["Retry-After"]
    assert refused.json()["detail"] == "readings cannot be stored now; nothing was taken, send it again in a while"
    assert "Connection refused" in "".join(capfd.readouterr())


def test_an_interface_that_may_not_write_says_what_it_lacks(server: "Server", tmp_path: "Path") -> None:
    folder = DataFolder(tmp_path)
    secret = DeviceCredentials(folder.devices).add("harbour", "meter")
    settings = Settings.model_validate({"database_url": NOWHERE, "data": folder.root})
    refused = _posted(server, administration(settings), secret)
    assert refused.status_code == 501
    assert "PHAROS_WRITER_URL" in refused.json()["detail"]
