"""Evaluators and households: figures of enough of them by the month, and nothing of a single one by any operation."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx
import polars as pl
import pytest

from kpi_engine.api.tokens import TokenRole
from kpi_engine.reports import checking
from kpi_engine.reports.archive import reading
from kpi_engine.reports.checking import Verdict
from tests.kpi_engine.api.conftest import listed
from tests.kpi_engine.api.described import operations
from tests.kpi_engine.api.test_roles import MAY, called
from tests.towns import device, electricity_meter, fact, heat_meter, town

if TYPE_CHECKING:
    from tests.kpi_engine.api.conftest import Towns

pytestmark = pytest.mark.integration

HOMES: Final = [f"home-{number}" for number in range(1, 13)]
HOURS: Final = 24 * 40
START: Final = "2026-02-28T23:00:00Z"  # midnight of 1 March in Copenhagen
MARCH_HOURS: Final = 31 * 24 - 1  # in which clocks go forward
TOWN: Final = town(
    *(heat_meter(name=f"meter-{home}", site=home) for home in HOMES),
    heat_meter(name="meter-school", site="school"),
    *(electricity_meter(name=f"power-{home}", site=home) for home in HOMES[:2]),
    device("shed-meter", "heat_meter", "heat_energy", site="shed", carrier="heat", direction="consumption"),
    name="village",
    sites={
        home: {
            "vertical": "buildings",
            "households": 1,
            "title": f"Flat of {home}",
            "facts": [fact("heated_area", 90, "m2")],
        }
        for home in HOMES
    },
    groups=[{"name": "west", "members": HOMES[:6]}, {"name": "mixed", "members": [*HOMES[6:], "school"]}],
)
PER_HOUR: Final = {f"meter-{home}": 1.0 + 0.0371 * number for number, home in enumerate(HOMES, 1)} | {
    "meter-school": 20.0,
    "shed-meter": 3.17,
}


@pytest.fixture(scope="module")
def village(open_towns: "Towns") -> "Towns":
    open_towns.add(TOWN)
    for meter, per_hour in PER_HOUR.items():
        open_towns.count(open_towns.series("village", meter, "heat_energy"), START, HOURS, per_hour)
    for home in HOMES[:2]:
        open_towns.count(open_towns.series("village", f"power-{home}", "electricity_energy"), START, HOURS, 0.4321)
    open_towns.refuse("clock_ahead", "meter-home-1", "2026-04-10T10:00:00Z", "village")
    open_towns.settle()
    return open_towns


@pytest.fixture(scope="module")
def evaluator(village: "Towns") -> Iterator[httpx.Client]:
    with village.client(TokenRole.EVALUATOR, ["village"]) as client:
        client.timeout = httpx.Timeout(120)  # of a loaded machine
        yield client


@pytest.fixture(scope="module")
def operator(village: "Towns") -> Iterator[httpx.Client]:
    with village.client(TokenRole.OPERATOR, ["village"]) as client:
        client.timeout = httpx.Timeout(120)  # of a loaded machine
        yield client


def values(client: httpx.Client, kpi: str = "heat_delivered", **query: str) -> list[dict[str, Any]]:
    asked = {"city": "village", "from": "2026-03-01", "to": "2026-04-01", **query}
    return listed(client, f"/kpis/{kpi}/values", **asked)


def refused(client: httpx.Client, path: str, **query: str) -> str:
    answer = client.get(path, params=query)
    assert answer.status_code == 403, answer.text
    assert answer.json()["type"] == "urn:pharos:problem:withheld"
    detail: str = answer.json()["detail"]
    return detail


def of(*meters: str) -> float:
    return sum(PER_HOUR[meter] for meter in meters) * MARCH_HOURS


def test_months_of_the_city_and_of_its_groups_are_seen(evaluator: httpx.Client) -> None:
    (whole,) = values(evaluator)
    assert whole["value"] == pytest.approx(of(*PER_HOUR))
    (west,) = values(evaluator, group="west")
    assert west["value"] == pytest.approx(of(*(f"meter-{home}" for home in HOMES[:6])))


def test_a_single_household_is_not_seen_and_told_what_to_ask_instead(evaluator: httpx.Client) -> None:
    why = refused(evaluator, "/kpis/heat_delivered/values", city="village", site="home-1", **MARCH)
    assert "of the city or of a group of enough households" in why


MARCH: Final = {"from": "2026-03-01", "to": "2026-04-01"}


def test_sites_without_households_are_seen_as_ever(evaluator: httpx.Client) -> None:
    (school,) = values(evaluator, site="school")
    assert school["value"] == pytest.approx(of("meter-school"))
    assert len(values(evaluator, site="school", period="day")) == 31


def test_of_all_sites_the_others_are_counted(evaluator: httpx.Client) -> None:
    answer = evaluator.get("/kpis/heat_delivered/values", params={"city": "village", "site": "*", **MARCH}).json()
    assert {one["site"] for one in answer["items"]} == {"school", "shed"}
    assert answer["withheld"] == len(HOMES)


def test_days_and_hours_of_households_are_not_seen(evaluator: httpx.Client) -> None:
    why = refused(evaluator, "/kpis/heat_delivered/values", city="village", group="west", period="day", **MARCH)
    assert "by months and years only" in why
    refused(evaluator, "/kpis/heat_delivered/hours", city="village", group="west", **{"from": "2026-03-01"})
    refused(evaluator, "/kpis/heat_delivered/values", city="village", period="day", **MARCH)


def test_a_month_that_goes_on_is_not_seen_since_it_would_tell_of_days(evaluator: httpx.Client) -> None:
    april = {"from": "2026-04-01", "to": "2026-05-01"}
    assert "goes on until" in refused(evaluator, "/kpis/heat_delivered/values", city="village", group="west", **april)


def test_what_was_known_before_is_not_seen(evaluator: httpx.Client) -> None:
    asked = {"city": "village", "group": "west", "as_of": "2026-04-09T00:00:00Z", **MARCH}
    answer = evaluator.get("/kpis/heat_delivered/values", params=asked)
    assert answer.status_code == 403 or answer.json()["items"] == []


def test_two_households_with_a_second_meter_are_not_seen_by_it(evaluator: httpx.Client, operator: httpx.Client) -> None:
    """Of enough households the heat is counted, but the final energy less the heat would be of two."""
    assert values(operator, "city_final_energy", period="month")
    why = refused(evaluator, "/kpis/city_final_energy/values", city="village", **MARCH)
    assert "fewer households" in why


def test_series_of_households_are_for_operators(
    evaluator: httpx.Client, operator: httpx.Client, village: "Towns"
) -> None:
    series = village.series("village", "meter-home-3", "heat_energy")
    for path in ("", "/observations", "/aggregates"):
        assert "are for operators" in refused(evaluator, f"/series/{series}{path}")
        assert operator.get(f"/series/{series}{path}").status_code == 200
    answer = evaluator.get("/series", params={"city": "village"}).json()
    assert {one["site"] for one in answer["items"]} == {"school", "shed"}
    assert answer["withheld"] == len(HOMES) + 2


def test_lineage_of_a_group_has_a_digest_in_place_of_what_households_sent(
    evaluator: httpx.Client, operator: httpx.Client
) -> None:
    (west,) = values(evaluator, group="west")
    path = f"/kpis/heat_delivered/values/{west['value_id']}/lineage"
    whole, shown = (
        operator.get(path).json(),
        evaluator.get(path, params={"complete": "true", "boundaries": "true"}).json(),
    )
    assert "home-1" in json.dumps(whole["inputs"])
    assert shown["inputs"] == {}
    assert shown["value"]["inputs_hash"] == whole["value"]["inputs_hash"]
    assert "are for operators" in shown["inputs_withheld"] or "is for operators" in shown["inputs_withheld"]


def test_lists_name_no_household(evaluator: httpx.Client) -> None:
    sites = evaluator.get("/cities/village/sites").json()
    assert ([one["name"] for one in sites["items"]], sites["withheld"]) == (["school", "shed"], len(HOMES))
    west, mixed = listed(evaluator, "/cities/village/groups")[::-1]
    assert (west["members"], west["withheld"]) == ([], 6)
    assert ([one["site"] for one in mixed["members"]], mixed["withheld"]) == (["school"], 6)


def test_a_table_to_take_home_leaves_households_out(evaluator: httpx.Client, operator: httpx.Client) -> None:
    asked = {"city": "village", "site": "*", "group": "*", "format": "parquet", **MARCH}
    found = pl.read_parquet(io.BytesIO(evaluator.get("/export/kpis", params=asked).content))
    assert set(found["site"].drop_nulls()) == {"school", "shed"}
    assert "west" in set(found["group"].drop_nulls())
    every = pl.read_parquet(io.BytesIO(operator.get("/export/kpis", params=asked).content))
    assert "home-1" in set(every["site"].drop_nulls())


NUMBERS_OF_HOMES: Final = [
    PER_HOUR[f"meter-{home}"] * hours for home in HOMES for hours in (0.25, 1, 24, MARCH_HOURS, HOURS)
] + [0.4321, 0.8642, 0.4321 * 24, 0.8642 * 24, 0.4321 * MARCH_HOURS, 0.8642 * MARCH_HOURS]


def leaks(text: str) -> list[str]:
    """Return what of an answer tells of a household: a name, or an amount of an hour, a day or a month."""
    names = re.findall(r"(?:meter-|power-)?home-\d+", text)
    return names + [str(one) for one in numbers(text) if any(abs(one - other) < 1e-6 for other in NUMBERS_OF_HOMES)]


def numbers(text: str) -> Iterator[float]:
    """Yield the numbers of a JSON document, or of a table in CSV."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError:
        document = [line.split(",") for line in text.splitlines()]
    ahead = [document]
    while ahead:
        one = ahead.pop()
        if isinstance(one, dict):
            ahead += [value for key, value in one.items() if key not in {"revision", "coverage", "rank"}]
        elif isinstance(one, list):
            ahead += one
        elif isinstance(one, float | str):
            try:
                yield float(one)
            except ValueError:
                continue


def text_of(answer: httpx.Response) -> str:
    if answer.headers.get("Content-Type") == "application/zip":
        archive = zipfile.ZipFile(io.BytesIO(answer.content))
        return "\n".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    return answer.text


WHOM: Final[list[dict[str, str]]] = [
    {},
    {"site": "home-1"},
    {"site": "*"},
    {"group": "west"},
    {"group": "*"},
    {"device": "meter-home-1"},
]
WHEN: Final[list[dict[str, str]]] = [
    {},
    {"period": "day"},
    {"period": "year"},
    {"interval": "hour"},
    {"complete": "true", "boundaries": "true"},
    {"as_of": "2026-04-10T00:00:00Z"},
]


def test_no_operation_tells_an_evaluator_of_a_household(village: "Towns", evaluator: httpx.Client) -> None:
    """Whatever is asked, of whomever, by whatever parameters an operation has: new ones are asked as well."""
    series = str(village.series("village", "meter-home-3", "heat_energy"))
    own = {"city": "village", "series_id": series, "kpi": "heat_delivered", "site": "home-1", "day": "2026-03-03"}
    own |= {"quarantine_id": "1", "baseline": "village.home-1.heat", "from": "2026-03-01", "to": "2026-04-01"}
    subjects: list[dict[str, str]] = [{"site": "home-1"}, {"group": "west"}, {}]
    ids = [str(one["value_id"]) for whom in subjects for one in operator_values(village, **whom)]
    answered = set()
    for name, operation in operations().items():
        who = MAY.get(operation["operationId"], frozenset())
        if not name.startswith("get ") or TokenRole.EVALUATOR not in who or operation["operationId"] == "watch":
            continue  # not for evaluators, or a stream, which has a test of its own
        for value_id in ids if "value_id" in name else ["1"]:
            for asked in requests_of(name, operation, own | {"value_id": value_id}):
                answer = evaluator.send(evaluator.build_request("get", village.url + asked[0], params=asked[1]))
                assert answer.status_code < 500 or answer.status_code == 501, (asked, answer.text)
                if answer.status_code == 200:
                    answered.add(operation["operationId"])
                    assert leaks(text_of(answer)) == [], asked
    assert {"list_kpi_values", "rank_sites", "explain_value", "list_series", "export_kpis", "list_groups"} <= answered


def requests_of(name: str, operation: dict[str, Any], own: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield paths and queries: of everybody, in every way that the operation has parameters for."""
    known = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"}
    _, path, query = called(name, operation, own)
    usual = query | {key: own[key] for key in ("city", "from", "to") if key in known}
    asked = [*WHOM, *WHEN, *({"group": "west"} | when for when in WHEN), *({"site": "home-1"} | when for when in WHEN)]
    for more in (one for one in asked if one.keys() <= known):
        chosen = {"site", "group"} & more.keys()
        yield path, {key: value for key, value in usual.items() if not chosen or key not in {"site", "group"}} | more


def operator_values(village: "Towns", **whom: str) -> list[dict[str, Any]]:
    with village.client(TokenRole.OPERATOR, ["village"]) as client:
        return values(client, **whom)


def test_the_check_for_leaks_finds_what_an_operator_sees(operator: httpx.Client, village: "Towns") -> None:
    series = village.series("village", "meter-home-3", "heat_energy")
    assert leaks(operator.get(f"/series/{series}/aggregates", params={"interval": "day", **MARCH}).text)
    assert leaks(operator.get("/series", params={"city": "village"}).text)
    assert leaks(operator.get("/export/kpis", params={"city": "village", "site": "*", **MARCH}).text)


def test_live_events_have_no_days_of_households(evaluator: httpx.Client) -> None:
    with evaluator.stream("GET", "/live", params={"city": "village"}) as stream:
        lines = stream.iter_lines()
        event = data = ""
        while event != "kpis" or not data:
            line = next(lines)
            event = line.removeprefix("event: ") if line.startswith("event: ") else event
            data = line.removeprefix("data: ") if event == "kpis" and line.startswith("data: ") else ""
    items = json.loads(data)["items"]
    assert all(one["period"] != "day" for one in items if one["kpi"] == "heat_delivered")
    assert leaks(data) == []


@pytest.fixture(scope="module")
def report(
    evaluator: httpx.Client, operator: httpx.Client, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Return the report of March that an evaluator is given, with all that may be asked for, and the whole one."""
    folder, found = tmp_path_factory.mktemp("reports"), {}
    for name, client in {"shown": evaluator, "whole": operator}.items():
        answer = client.get("/reports/village/2026-03", params={"sites": "true", "author": "A. Jensen"})
        assert answer.status_code == 200, answer.text
        found[name] = folder / f"{name}.zip"
        found[name].write_bytes(answer.content)
    return found


def test_a_report_for_evaluators_holds_and_says_what_was_left_out(report: dict[str, Path]) -> None:
    with reading(report["shown"]) as archive:
        checked, withheld = checking.verify(archive), list(archive.withheld())
        figures = {(one.kpi, one.site or one.group): one for one in archive.figures()}
    assert checked.holds
    assert checked.verdicts[Verdict.INPUTS_WITHHELD] > 0
    assert checked.verdicts[Verdict.REPRODUCES] > 0
    assert figures["heat_delivered", "west"].inputs.keys() == {"withheld"}
    assert figures["heat_delivered", "school"].inputs
    why = {(one.what, one.indicator, one.subject): one for one in withheld}
    assert "is for operators" in why["inputs", "heat_delivered", "west"].why
    assert "fewer households" in why["figure", "city_final_energy", "village"].why
    of_homes = why["figure", "heat_delivered", "sites of households"]
    assert (of_homes.count, of_homes.periods) == (len(HOMES), ["2026-03"])


def test_who_has_the_whole_report_computes_what_the_other_leaves_out(report: dict[str, Path]) -> None:
    with reading(report["shown"]) as archive, reading(report["whole"]) as whole:
        checked = checking.verify(archive, whole=whole)
        assert checked.holds
        assert checked.verdicts.keys() == {Verdict.REPRODUCES}
        assert not checking.verify(whole, whole=archive).verdicts[Verdict.INPUTS_WITHHELD]


def test_nothing_in_a_report_for_evaluators_names_a_household_or_has_its_amount(report: dict[str, Path]) -> None:
    for name, text in texts(report["shown"]):
        found = [one for line in text.splitlines() for one in leaks(line)] if name.endswith("jsonl") else leaks(text)
        assert found == [], name
    assert any(leaks(line) for _, text in texts(report["whole"]) for line in text.splitlines())


def texts(path: Path) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            is_table = name.endswith("parquet")
            yield name, pl.read_parquet(io.BytesIO(content)).write_csv() if is_table else content.decode()


def test_no_sum_or_difference_of_what_a_report_has_is_of_fewer_households_than_five(report: dict[str, Path]) -> None:
    """Whatever is added to or taken from whatever else, with other reports as well: what is said is of five or more."""
    few = [
        sum(some) for size in range(1, 5) for some in combinations([PER_HOUR[f"meter-{one}"] for one in HOMES], size)
    ]
    with reading(report["shown"]) as archive:
        amounts = [one.value for one in archive.figures() if one.kpi == "heat_delivered" and one.value is not None]
    assert len(amounts) == 5  # the city, two groups, the school and the shed
    for signs in product((-1, 0, 1), repeat=len(amounts)):
        told = sum(sign * amount for sign, amount in zip(signs, amounts, strict=True)) / MARCH_HOURS
        assert all(abs(told - amount) > 1e-6 for amount in few), signs


def test_a_month_that_goes_on_is_in_no_report_for_evaluators(evaluator: httpx.Client, tmp_path: Path) -> None:
    path = tmp_path / "april.zip"
    path.write_bytes(evaluator.get("/reports/village/2026-04").content)
    with reading(path) as archive:
        assert "heat_delivered" not in {one.kpi for one in archive.figures()}
        assert {one.why.partition(" until")[0] for one in archive.withheld() if one.indicator == "heat_delivered"} == {
            "households are behind it, and its period goes on"
        }
