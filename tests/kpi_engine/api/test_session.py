"""The console's sessions: a cookie scripts cannot read, and proof that a request is the page's own."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import httpx
import pytest

from kpi_engine.api import tokens

if TYPE_CHECKING:
    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration


@pytest.fixture
def browser(towns: "Towns") -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{towns.url}/api/v1", timeout=120) as client:
        yield client


def test_a_token_buys_a_cookie_that_scripts_and_other_sites_cannot_use(towns: "Towns", browser: httpx.Client) -> None:
    answer = browser.post("/session", json={"token": towns.token("operator")})
    assert answer.status_code == 201
    cookie = answer.headers["Set-Cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert browser.get("/devices").status_code == 200
    assert browser.get("/session").json()["role"] == "operator"


def test_a_wrong_token_opens_no_session(browser: httpx.Client) -> None:
    refused = browser.post("/session", json={"token": "pharos_wrong"})
    assert refused.status_code == 401
    assert "Set-Cookie" not in refused.headers


def test_logging_out_needs_the_csrf_token_and_ends_the_session(towns: "Towns", browser: httpx.Client) -> None:
    csrf = browser.post("/session", json={"token": towns.token()}).json()["csrf_token"]
    cookie = dict(browser.cookies)
    assert browser.delete("/session").status_code == 403
    assert browser.delete("/session", headers={"X-CSRF-Token": "0" * 64}).status_code == 403
    assert browser.delete("/session", headers={"X-CSRF-Token": csrf}).status_code == 204
    assert httpx.get(f"{towns.url}/api/v1/session", cookies=cookie, timeout=120).status_code == 401


def test_revoking_the_token_ends_its_sessions(towns: "Towns", browser: httpx.Client) -> None:
    browser.post("/session", json={"token": towns.token("operator")})
    tokens.revoke(towns.connection, "operator-1")
    towns.connection.commit()
    assert browser.get("/devices").status_code == 401


def test_a_csrf_token_of_any_bytes_is_refused_like_a_wrong_one(towns: "Towns", browser: httpx.Client) -> None:
    browser.post("/session", json={"token": towns.token()})
    assert browser.delete("/session", headers={b"X-CSRF-Token": "é".encode()}).status_code == 403


def test_the_cookie_is_for_encrypted_connections_where_a_trusted_proxy_says_so(
    towns: "Towns", browser: httpx.Client
) -> None:
    login = {"token": towns.token()}
    behind = browser.post("/session", json=login, headers={"X-Forwarded-Proto": "https"})
    direct = browser.post("/session", json=login)
    assert ["Secure" in answer.headers["Set-Cookie"] for answer in (behind, direct)] == [True, False]


def test_the_right_token_is_good_after_many_wrong_ones(towns: "Towns", browser: httpx.Client) -> None:
    wrong = [browser.post("/session", json={"token": f"pharos_{number}"}).status_code for number in range(5)]
    assert wrong == [401] * 5
    assert browser.post("/session", json={"token": towns.token()}).status_code == 201


def test_a_session_that_is_renewed_lasts_as_one_that_starts_now_but_no_longer_than_its_token(
    towns: "Towns", browser: httpx.Client
) -> None:
    csrf = browser.post("/session", json={"token": towns.token("operator")}).json()["csrf_token"]
    towns.connection.execute("update session set expires_at = now() + interval '1 hour'")
    towns.connection.commit()
    soon = browser.get("/session").json()["expires_at"]

    assert browser.put("/session").status_code == 403
    assert browser.put("/session", headers={"X-CSRF-Token": csrf}).json()["expires_at"] > soon
    towns.connection.execute("update token set expires_at = now() + interval '2 hours' where revoked_at is null")
    towns.connection.commit()
    ends = towns.connection.execute("select max(expires_at) from token where revoked_at is null").fetchall()[0][0]
    renewed = browser.put("/session", headers={"X-CSRF-Token": csrf}).json()["expires_at"]
    assert datetime.fromisoformat(renewed) == ends
