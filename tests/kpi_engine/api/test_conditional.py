"""Who has an answer already is told so, without its being made again where nothing can have changed."""

from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest

from ingest.model.time import HOUR
from kpi_engine.api.conditional import AnswerTags
from kpi_engine.api.rates import REQUESTS, RequestRates

if TYPE_CHECKING:
    from tests.kpi_engine.api.conftest import Server, Towns

VALUES = "/kpis/heat_delivered/values?city=harbour&from=2026-03-01&to=2026-05-01"


def again(client: httpx.Client, path: str, tag: str, **headers: str) -> httpx.Response:
    return client.get(path, headers={"If-None-Match": tag, **headers})


@pytest.mark.integration
def test_an_answer_that_is_known_is_not_sent_again(april: "Towns", admin: httpx.Client) -> None:
    for path in ("/kpis", "/cities/harbour/sites", VALUES, f"{april.url}/openapi.json"):
        first = admin.get(path)
        tag = first.headers["ETag"]
        for known in (tag, tag.removeprefix("W/"), f'"another", {tag}', "*"):
            told = again(admin, path, known)
            assert (told.status_code, told.content, told.headers["ETag"]) == (304, b"", tag), path
        assert again(admin, path, '"another"').content == first.content
        assert admin.head(path).headers["ETag"] == tag


@pytest.mark.integration
def test_figures_are_read_again_only_where_one_of_them_may_have_changed(
    april: "Towns", admin: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = admin.get(VALUES)
    with monkeypatch.context() as blind:
        blind.delattr("kpi_engine.api.routes.kpi_values.figures_known")  # whoever reads figures from now on fails
        assert again(admin, VALUES, first.headers["ETag"]).status_code == 304
    april.read(april.series("harbour", "meter", "heat_energy"), {"2026-04-10T14:00:00Z": 990.0})
    april.now += 3 * HOUR
    april.settle()
    after = again(admin, VALUES, first.headers["ETag"])
    assert after.status_code == 200
    assert after.json() != first.json()


@pytest.mark.integration
def test_an_answer_is_known_to_those_who_may_see_the_same(april: "Towns", admin: httpx.Client) -> None:
    tag = admin.get(VALUES).headers["ETag"]
    with april.client("evaluator", ["island"]) as foreign, april.client("integrator") as blind:
        assert [again(one, VALUES, tag).status_code for one in (foreign, blind)] == [403, 403]
    assert httpx.get(f"{april.url}/api/v1/kpis", headers={"If-None-Match": "*"}, timeout=120).status_code == 401


@pytest.mark.integration
def test_large_answers_are_compressed_and_have_the_same_tag(admin: httpx.Client) -> None:
    plain, small = (admin.get("/kpis", headers={"Accept-Encoding": coding}) for coding in ("identity", "gzip"))
    assert small.headers["Content-Encoding"] == "gzip"
    assert int(small.headers["Content-Length"]) < len(plain.content) / 4
    assert small.json() == plain.json()
    assert small.headers["ETag"] == plain.headers["ETag"]


@pytest.mark.integration
def test_a_token_that_asks_too_often_is_refused_before_anything_else(towns: "Towns", server: "Server") -> None:
    state, few = server.app.state, replace(REQUESTS, a_second=0.01, at_once=2.0)
    usual, state.request_rates = state.request_rates, RequestRates(few)
    with towns.client() as one, towns.client() as other:
        assert [one.get("/cities").status_code for _ in range(2)] == [200, 200]
        refused = one.get("/cities?fantasy=1")  # nobody has looked at what is asked
        assert (refused.status_code, refused.json()["type"]) == (429, "urn:pharos:problem:too-many-requests")
        assert 90 <= int(refused.headers["Retry-After"]) <= 100
        assert httpx.get(f"{towns.url}/health", timeout=120).status_code == 200
        assert other.get("/cities").status_code == 200
    state.request_rates = usual


def test_tags_are_of_a_version_and_the_longest_unused_is_forgotten() -> None:
    tags = AnswerTags(most=2)
    tags.keep("a", 1, "tag of a")
    tags.keep("b", 1, "tag of b")
    assert tags.of("a", 1) == "tag of a"
    assert tags.of("a", 2) is None
    tags.keep("c", 1, "tag of c")
    assert [tags.of(asked, 1) for asked in ("a", "b", "c")] == ["tag of a", None, "tag of c"]
