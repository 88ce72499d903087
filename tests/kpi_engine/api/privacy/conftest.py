"""A village of households, and what an evaluator and an operator are told of it."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest

from kpi_engine.api.tokens import TokenRole
from processors.storage.database import connect
from tests.kpi_engine.api.conftest import Server, Towns, administered_towns, listed
from tests.stores import POSTGRESQL, Stores
from tests.towns import device, electricity_meter, fact, heat_meter, town

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
NUMBERS_OF_HOMES: Final = [
    PER_HOUR[f"meter-{home}"] * hours for home in HOMES for hours in (0.25, 1, 24, MARCH_HOURS, HOURS)
] + [0.4321, 0.8642, 0.4321 * 24, 0.8642 * 24, 0.4321 * MARCH_HOURS, 0.8642 * MARCH_HOURS]
MARCH: Final = {"from": "2026-03-01", "to": "2026-04-01"}


@pytest.fixture(scope="session")
def filled_village_url(stores: Stores) -> Iterator[str]:
    """Return the URL of a database with what households sent in forty days, for each module to copy."""
    with stores[POSTGRESQL].database(is_migrated=True) as url:
        with connect(url, "test") as connection:
            _fill(Towns(connection))
        yield url


@pytest.fixture(scope="module")
def village(
    stores: Stores, filled_village_url: str, server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Towns]:
    """Return such a village of this module's own behind the server, which may be administered."""
    with (
        stores[POSTGRESQL].copied(filled_village_url) as url,
        administered_towns(url, server, tmp_path_factory.mktemp("data")) as towns,
    ):
        towns.add(TOWN)
        yield towns


def _fill(towns: Towns) -> None:
    towns.add(TOWN)
    for meter, per_hour in PER_HOUR.items():
        towns.count(towns.series("village", meter, "heat_energy"), START, HOURS, per_hour)
    for home in HOMES[:2]:
        towns.count(towns.series("village", f"power-{home}", "electricity_energy"), START, HOURS, 0.4321)
    towns.refuse("clock_ahead", "meter-home-1", "2026-04-10T10:00:00Z", "village")
    towns.settle()


@pytest.fixture(scope="module")
def evaluator(village: Towns) -> Iterator[httpx.Client]:
    """Return the client of an evaluator of the village."""
    with village.client(TokenRole.EVALUATOR, ["village"]) as client:
        yield client


@pytest.fixture(scope="module")
def operator(village: Towns) -> Iterator[httpx.Client]:
    """Return the client of an operator of the village."""
    with village.client(TokenRole.OPERATOR, ["village"]) as client:
        yield client


def values(client: httpx.Client, kpi: str = "heat_delivered", **query: str) -> list[dict[str, Any]]:
    """Return the figures of March of an indicator."""
    asked = {"city": "village", "from": "2026-03-01", "to": "2026-04-01", **query}
    return listed(client, f"/kpis/{kpi}/values", **asked)


def refused(client: httpx.Client, path: str, **query: str) -> str:
    """Return why an answer is withheld."""
    answer = client.get(path, params=query)
    assert answer.status_code == 403, answer.text
    assert answer.json()["type"] == "urn:pharos:problem:withheld"
    detail: str = answer.json()["detail"]
    return detail


def of(*meters: str) -> float:
    """Return what these meters counted in March."""
    return sum(PER_HOUR[meter] for meter in meters) * MARCH_HOURS


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
