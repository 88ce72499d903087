"""A school whose heating was renovated in January 2025, with its baselines, in a real database."""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import sin
from pathlib import Path
from time import time_ns
from typing import Any, Final

import httpx
import pytest
import typer
import yaml
from typer.testing import CliRunner, Result

from deploy.cli import baseline as commands
from ingest.model.calendar import day_of, day_start
from kpi_engine.api import tokens
from kpi_engine.api.app import create_app
from kpi_engine.baselines.days import number_of
from tests.computed import few_indicators
from tests.kpi_engine.api.conftest import serving
from tests.kpi_engine.baselines.made_up import heated, weather
from tests.kpi_engine.conftest import District, at, district_of
from tests.stores import POSTGRESQL, Stores
from tests.towns import USUAL_BASELINE, device, heat_meter, town

ZONE: Final = "Europe/Copenhagen"
FIRST, LAST = date(2024, 1, 1), date(2026, 1, 1)
TEMPERATURE: Final = weather(FIRST, (LAST - FIRST).days)
SAVED: Final = 0.25
PAGE: Final = Path(__file__).parents[4] / "docs" / "baselines.md"
KPIS: Final = ("heat_delivered", "heat_avoided")


def declared(name: str, **keys: object) -> dict[str, object]:
    """Return what a city file says of a baseline."""
    return {**USUAL_BASELINE, "name": name, **keys}


def documented() -> dict[str, object]:
    """Return the baseline that docs/baselines.md declares."""
    (block,) = re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    found: dict[str, object] = json.loads(json.dumps(yaml.safe_load(block), default=str))
    return found


BASELINES: Final = [
    documented(),
    declared("meter", energy={"series": {"device": "meter", "quantity": "heat_energy"}}, option="B"),
    declared("short", baseline_from="2024-06-01"),
    declared("simulated", option="D"),
    declared("normal", reporting_from="2025-01-01", normal_year_from="2024-01-01"),
    declared("log"),
    declared("again"),
    declared("late"),
    declared("never"),
]
YEAR: Final = ("--from", "2025-02-01", "--to", "2026-01-01")
WHO: Final = ("--author", "A. Larsen", "--reason", "a new wing")


def city(baselines: list[dict[str, object]]) -> str:
    """Return the city file of the school with these baselines."""
    return town(
        heat_meter(name="meter", site="school"),
        device("weather", "weather_station", "outdoor_temperature", site="roof"),
        name="town",
        sites={"school": {"baselines": baselines}, "roof": {}},
        groups=[{"name": "campus", "members": ["school", "roof"], "baselines": [declared("together")]}],
        factors={"heat": "test"},
    )


def energy_of(day: date) -> float:
    """Return what the school uses on a day: a quarter less since 2025, and an odd amount that has no reason."""
    place = number_of(day) - number_of(FIRST)
    used = float(heated(TEMPERATURE[place : place + 1], base_load=100.0, slope=40.0)[0])
    return used * (1.0 - SAVED if day.year == 2025 else 1.0) + 20.0 * sin(7.0 * place)


def truly_saved(first: date, last: date) -> float:
    """Return what the renovation saved in the days [first, last)."""
    places = slice(number_of(first) - number_of(FIRST), number_of(last) - number_of(FIRST))
    return SAVED * float(heated(TEMPERATURE[places], base_load=100.0, slope=40.0).sum())


def present() -> int:
    """Return the present, which is when something is entered."""
    return time_ns() // 1000


@dataclass
class School:
    """The school in its town, with commands and an interface on its database."""

    url: str
    district: District
    api: str

    def run(self, *arguments: str, of: str = "school") -> Result:
        """Run a command of pharos baseline for the school, or for a group."""
        app = typer.Typer()
        commands.register(app)
        command, *rest = arguments
        where = ["town", of] if command != "withdraw" else []
        environment = {"PHAROS_DATABASE_URL": self.url}
        return CliRunner().invoke(app, ["baseline", command, *where, *rest], env=environment)

    def told(self, *arguments: str, of: str = "school") -> Any:  # noqa: ANN401 - a JSON document
        """Return what such a command prints as JSON."""
        found = self.run(*arguments, "--json", of=of)
        assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
        return json.loads(found.output)

    def told_of_nothing(self, *arguments: str) -> Any:  # noqa: ANN401 - a JSON document
        """Return what a command prints that asks no database."""
        app = typer.Typer()
        commands.register(app)
        return json.loads(CliRunner().invoke(app, ["baseline", *arguments]).output)

    def client(self, role: str = "evaluator", cities: list[str] | None = None) -> httpx.Client:
        """Return a client with a token of its own."""
        secret = tokens.create(self.district.connection, f"{role} {cities} {id(self)}", role, cities)
        self.district.connection.commit()
        headers = {"Authorization": f"Bearer {secret}"}
        return httpx.Client(base_url=f"{self.api}/api/v1", headers=headers, timeout=120)


@dataclass(frozen=True)
class FilledSchool:
    """A database with the school in it, and the hours that were stored there."""

    url: str
    hours: dict[int, Any]


@pytest.fixture(scope="session")
def filled_school(stores: Stores) -> Iterator[FilledSchool]:
    """Return the school with two years of hours, what it took computed, for each module to copy."""
    with stores[POSTGRESQL].database(is_migrated=True) as url:
        with few_indicators(KPIS), district_of(url, city(BASELINES)) as district:
            district.now = at("2026-01-01T00:20")
            _fill(district)
        yield FilledSchool(url, district.hours)


@pytest.fixture(scope="module")
def school(stores: Stores, filled_school: FilledSchool) -> Iterator[School]:
    """Return such a school of this module's own, which its tests share."""
    with (
        stores[POSTGRESQL].copied(filled_school.url) as url,
        few_indicators(KPIS),
        district_of(url, city(BASELINES)) as district,
    ):
        district.now = at("2026-01-01T00:20")
        district.hours = deepcopy(filled_school.hours)
        app = create_app(url, lambda: district.now)
        with serving(app) as api:
            yield School(url, district, api)


def _fill(district: District) -> None:
    span = f"{FIRST}T00:00", f"{LAST}T00:00"
    by_day = {FIRST + timedelta(days=place): TEMPERATURE[place] for place in range(len(TEMPERATURE))}
    hours = {day: (day_start(day + timedelta(days=1), ZONE) - day_start(day, ZONE)) / 3.6e9 for day in by_day}

    def counted(bucket: Any) -> Any:  # noqa: ANN401 - a rollup
        day = day_of(bucket.bucket, ZONE)
        return replace(bucket, total=energy_of(day) / hours[day])

    def measured(bucket: Any) -> Any:  # noqa: ANN401 - a rollup
        mean = by_day[day_of(bucket.bucket, ZONE)]
        known = {"integral": mean * bucket.seconds, "weighted": bucket.seconds}
        return replace(bucket, **known, minimum=mean - 3.0, maximum=mean + 3.0)

    district._store("meter", "heat_energy", *span, counted)
    district._store("weather", "outdoor_temperature", *span, measured)
    district.settle()
