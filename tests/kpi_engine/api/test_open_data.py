"""Open data without a token: nothing unless a city says so, and then what it opened and no more."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, Final

import httpx
import polars as pl
import pytest

from kpi_engine.api import open_access
from kpi_engine.api.rates import RequestRates
from tests.towns import fact, heat_meter, town

if TYPE_CHECKING:
    from tests.kpi_engine.api.conftest import Server, Towns

pytestmark = pytest.mark.integration

HOUSES: Final = [f"house-{number}" for number in range(5)]
METERS: Final = [heat_meter(name=f"secret-meter-{number}", site=site) for number, site in enumerate(HOUSES)]
QUAY: Final = town(
    *METERS,
    name="quay",
    title="Quay",
    groups=[
        {"name": "all", "title": "All houses", "members": HOUSES},
        {"name": "pair", "members": HOUSES[:2]},
        {"name": "unopened", "members": HOUSES},
    ],
    facts=[fact("latitude", 55.5, "deg"), fact("longitude", 9.75, "deg")],
    open_data={
        "licence": "CC-BY-4.0",
        "publisher": "Town of Quay",
        "contact": "data@quay.example",
        "indicators": ["heat_delivered"],
        "groups": ["all", "pair"],
    },
)
COVE: Final = town(
    *(heat_meter(name=f"cove-meter-{number}", site=site) for number, site in enumerate(HOUSES)),
    name="cove",
    title="Cove",
    sites={site: {"households": 1} for site in HOUSES},
    privacy={"minimum_households": 6},
    open_data={"licence": "CC0-1.0", "publisher": "Town of Cove", "indicators": ["*"]},
)
"""As many houses, each of one household, and a decision that six are the fewest."""


class Page(HTMLParser):
    """What a page is made of, as far as these tests look."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Note words."""
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of every element of a name."""
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def towns(module_towns: "Towns") -> "Towns":
    """Return towns of which the quay has opened the heat of its houses, one of which has been silent since 20 March."""
    for open_town, name, meter in ((QUAY, "quay", "secret-meter"), (COVE, "cove", "cove-meter")):
        module_towns.add(open_town)
        for number in range(5):
            hours = (19 if number == 0 else 39) * 24
            series = module_towns.series(name, f"{meter}-{number}", "heat_energy")
            module_towns.count(series, "2026-02-28T23:00:00Z", hours, per_hour=2.0)
    module_towns.settle()
    return module_towns


@pytest.fixture
def anybody(towns: "Towns", server: "Server") -> Iterator[httpx.Client]:
    """Return a client without any token, who has not asked for anything yet."""
    server.app.state.open_rates = RequestRates(open_access.EVERYBODY)
    with httpx.Client(base_url=towns.url, timeout=20) as client:
        yield client


def rows(client: httpx.Client, **query: str) -> list[dict[str, str]]:
    answer = client.get("/api/v1/open/quay/figures", params=query)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_city_that_opened_nothing_is_as_unknown_as_one_that_is_not_there(anybody: httpx.Client) -> None:
    for path in ("/api/v1/open/{}/figures", "/open/{}"):
        closed, absent = (anybody.get(path.format(name)) for name in ("harbour", "atlantis"))
        assert (closed.status_code, absent.status_code) == (404, 404)
        assert closed.text.replace("harbour", "atlantis") == absent.text


def test_the_table_has_figures_of_the_city_and_of_groups_that_are_large_enough(anybody: httpx.Client) -> None:
    found = rows(anybody)
    assert {(one["city"], one["group"], one["kpi"]) for one in found} == {
        ("quay", "", "heat_delivered"),
        ("quay", "all", "heat_delivered"),
    }
    march = next(one for one in found if one["label"] == "2026-03" and not one["group"])
    assert float(march["lower"]) < float(march["upper"])
    assert march["unit"] == "kWh"
    assert "site" not in march


def test_of_fewer_households_than_the_city_decided_nobody_is_given_a_figure(
    anybody: httpx.Client, towns: "Towns"
) -> None:
    asked = {"city": "cove", "from": "2026-03-01", "to": "2026-04-01"}
    with towns.client() as admin:
        (march,) = admin.get("/kpis/heat_delivered/values", params=asked).json()["items"]
    assert march["upper"] is not None
    answer = anybody.get("/api/v1/open/cove/figures")
    assert answer.status_code == 200, answer.text
    assert list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))) == []
    page = Page(anybody.get("/open/cove").text)
    assert "Town of Cove" in page.text
    assert "kWh" not in page.text


def test_no_word_of_a_meter_or_a_house_gets_out(anybody: httpx.Client, towns: "Towns") -> None:
    """The figure itself names the meter that is silent, to those who may know."""
    with towns.client() as admin:
        told = admin.get(
            "/kpis/heat_delivered/values", params={"city": "quay", "from": "2026-03-01", "to": "2026-05-01"}
        )
    assert "secret-meter-0" in told.text
    paths = ("/open/quay", "/api/v1/open/catalogue", "/api/v1/open/quay/figures")
    for text in (anybody.get(path).text for path in paths):
        assert "secret-meter" not in text
        assert "house-" not in text


def test_a_table_as_parquet_says_its_licence(anybody: httpx.Client) -> None:
    answer = anybody.get("/api/v1/open/quay/figures", params={"format": "parquet", "period": "year"})
    assert pl.read_parquet(io.BytesIO(answer.content))["period"].unique().to_list() == ["year"]
    assert b"creativecommons.org/licenses/by/4.0" in answer.content
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_days_are_not_open(anybody: httpx.Client) -> None:
    assert anybody.get("/api/v1/open/quay/figures", params={"period": "day"}).status_code == 422


def test_the_page_needs_no_script_and_nothing_of_other_hosts_and_says_terms_and_who_is_not_shown(
    anybody: httpx.Client,
) -> None:
    answer = anybody.get("/open/quay")
    page = Page(answer.text)
    assert "script" not in {tag for tag, _ in page.elements}
    linked = [one.get("href") or "" for tag in ("a", "link") for one in page.all(tag)]
    outside = {link for link in linked if "://" in link}
    assert outside == {"https://creativecommons.org/licenses/by/4.0/"}
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Not shown: pair" in " ".join(page.text.split())
    assert "All houses" in page.text
    assert page.all("html")[0]["lang"] == "en"
    assert all(one.get("scope") for one in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table")) > 0
    downloads = [link for link in linked if "/figures" in link]
    assert all(anybody.get(link).status_code == 200 for link in downloads)
    assert len(downloads) == 4


def test_the_list_names_the_cities_that_opened_figures_and_no_others(anybody: httpx.Client) -> None:
    text = anybody.get("/open").text
    assert "/open/quay" in text
    assert "harbour" not in text


def of_type(node: Any, kind: str) -> list[dict[str, Any]]:  # noqa: ANN401 - what JSON has
    """Return every node of a type, wherever it stands."""
    if isinstance(node, list):
        return [found for one in node for found in of_type(one, kind)]
    if not isinstance(node, dict):
        return []
    inside = [found for one in node.values() for found in of_type(one, kind)]
    return [node, *inside] if kind in kinds(node) else inside


def kinds(node: dict[str, Any]) -> list[str]:
    """Return the classes that a node says it is of."""
    said = node.get("@type", [])
    return said if isinstance(said, list) else [said]


MANDATORY: Final = {  # of the SHACL shapes of DCAT-AP 3.0.1 (read), and of what they are named by
    "dcat:Catalog": {"dct:title", "dct:description", "dct:publisher"},
    "dcat:Dataset": {"dct:title", "dct:description"},
    "dcat:Distribution": {"dcat:accessURL"},
    "dcat:DataService": {"dct:title", "dcat:endpointURL"},
    "foaf:Agent": {"foaf:name"},
    "dct:PeriodOfTime": {"dcat:startDate", "dcat:endDate"},
    "skos:Concept": {"skos:prefLabel"},
    "skos:ConceptScheme": {"dct:title"},
}
ASKED_FOR: Final = {  # of the recommended shapes, and what harvesters filter by
    "dcat:Catalog": {"dct:language", "dct:spatial", "dct:modified", "dcat:themeTaxonomy", "foaf:homepage"},
    "dcat:Dataset": {"dct:publisher", "dct:accrualPeriodicity", "dct:temporal", "dct:spatial", "dcat:distribution"},
    "dcat:Distribution": {"dct:license", "dct:format", "dcat:mediaType", "dcat:downloadURL"},
    "dcat:DataService": {"dcat:servesDataset", "dct:publisher", "dcat:theme", "dcat:keyword", "dct:license"},
}
CLASSES: Final = {  # of the ranges that the shapes of DCAT-AP 3.0.1 want references to be of (read)
    "dct:language": "dct:LinguisticSystem",
    "dct:accessRights": "dct:RightsStatement",
    "dct:accrualPeriodicity": "dct:Frequency",
    "dct:format": "dct:MediaTypeOrExtent",
    "dct:license": "dct:LicenseDocument",
    "dct:publisher": "foaf:Agent",
    "dct:spatial": "dct:Location",
    "dct:temporal": "dct:PeriodOfTime",
    "dcat:contactPoint": "vcard:Kind",
    "dcat:landingPage": "foaf:Document",
    "dcat:mediaType": "dct:MediaType",
    "dcat:theme": "skos:Concept",
    "dcat:themeTaxonomy": "skos:ConceptScheme",
    "foaf:homepage": "foaf:Document",
}


def references(node: Any) -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ANN401 - what JSON has
    """Yield what each property leads to, wherever it stands."""
    for one in node if isinstance(node, list) else [node]:
        for name, value in one.items() if isinstance(one, dict) else ():
            if not name.startswith("@"):
                inside = value if isinstance(value, list) else [value]
                yield from ((name, each) for each in inside if isinstance(each, dict))
                yield from references(inside)


def test_every_reference_of_the_catalogue_says_of_what_class_it_is(anybody: httpx.Client) -> None:
    found = list(references(anybody.get("/api/v1/open/catalogue").json()))
    assert {name for name, _ in found} >= CLASSES.keys()
    for name, node in found:
        assert name not in CLASSES or CLASSES[name] in kinds(node), name


def test_the_catalogue_has_what_dcat_ap_makes_mandatory_and_harvesters_ask_for(anybody: httpx.Client) -> None:
    answer = anybody.get("/api/v1/open/catalogue")
    assert answer.headers["Content-Type"] == "application/ld+json"
    catalogue = answer.json()
    for kind, wanted in MANDATORY.items():
        found = of_type(catalogue, kind)
        assert found, kind
        for node in found:
            assert node.keys() >= wanted | ASKED_FOR.get(kind, set()), kind
    named = {f"{name}-figures-{period}" for name in ("cove", "quay") for period in ("month", "year")}
    assert {one["dct:identifier"] for one in catalogue["dcat:dataset"]} == named


def test_every_prefix_and_every_reference_of_the_catalogue_leads_somewhere(anybody: httpx.Client) -> None:
    catalogue = anybody.get("/api/v1/open/catalogue").json()
    assert catalogue["@context"].keys() >= set(prefixes(catalogue))
    services = {one["@id"] for one in catalogue["dcat:service"]}
    for one in of_type(catalogue, "dcat:Distribution"):
        assert one["dcat:accessService"]["@id"] in services
        assert anybody.get(one["dcat:downloadURL"]["@id"]).status_code == 200
    of_quay = [one for one in catalogue["dcat:dataset"] if one["dct:identifier"].startswith("quay")]
    (month, year) = (one["dct:temporal"] for one in of_quay)
    assert month["dcat:startDate"]["@value"] == "2026-03-01"
    assert year["dcat:endDate"]["@value"] == "2027-01-01"
    place, country = of_quay[0]["dct:spatial"]
    assert place["dcat:centroid"]["@value"] == "POINT(9.75 55.5)"
    assert country["@id"].endswith("/country/DNK")
    datasets = {one["@id"] for one in catalogue["dcat:dataset"]}
    assert {one["@id"] for service in catalogue["dcat:service"] for one in service["dcat:servesDataset"]} == datasets


def prefixes(node: Any) -> Iterator[str]:  # noqa: ANN401 - what JSON has
    """Yield the prefix of every name in a document but its context."""
    if isinstance(node, list):
        for one in node:
            yield from prefixes(one)
    elif isinstance(node, dict):
        for name, value in node.items():
            if name == "@type":
                yield from (kind.partition(":")[0] for kind in kinds(node))
            elif not name.startswith("@"):
                yield name.partition(":")[0]
            if name != "@context":
                yield from prefixes(value)


def test_an_address_that_asks_too_often_is_refused_before_any_work_whatever_token_it_brings(
    anybody: httpx.Client, server: "Server"
) -> None:
    server.app.state.open_rates = RequestRates(replace(open_access.EVERYBODY, at_once=3.0, a_second=0.001))
    answers = [anybody.get("/open/quay", headers={"Authorization": f"Bearer {number}"}) for number in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert int(answers[3].headers["Retry-After"]) > 0
    assert anybody.get("/api/v1/open/catalogue").status_code == 429


def test_of_ipv6_a_network_counts_as_one() -> None:
    assert open_access.network("2001:db8::1") == open_access.network("2001:db8::ffff:2")
    assert open_access.network("2001:db8:0:1::1") != open_access.network("2001:db8::1")
    assert open_access.network("192.0.2.1") != open_access.network("192.0.2.2")


def test_figures_are_given_as_entities_part_by_part(towns: "Towns") -> None:
    query = {"city": "quay", "from": "2026-03-01", "to": "2026-05-01", "limit": "1"}
    with towns.client() as admin:
        first = admin.get("/kpis/heat_delivered/entities", params=query)
        following = first.links["next"]["url"]
        second = admin.get(f"{towns.url}{following}")
        values = admin.get("/kpis/heat_delivered/values", params={**query, "limit": "2"}).json()["items"]
    assert first.headers["Content-Type"] == "application/ld+json"
    entities = [*first.json(), *second.json()]
    assert [one["calculationPeriod"]["value"]["from"] for one in entities] == ["2026-03-01", "2026-04-01"]
    assert [one.get("kpiValue", {}).get("value") for one in entities] == [one["value"] for one in values]
    assert [one["lower"]["value"] for one in entities] == [one["lower"] for one in values]
    assert "Link" not in second.headers
