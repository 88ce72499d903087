"""The rule of a city: made with its file, obeyed by SQL, and mindful of what evaluators saw by the one before."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from ingest.model.calendar import Period
from ingest.model.city.city_file import parse
from ingest.model.time import to_micros
from kpi_engine.privacy.store import publish
from kpi_engine.privacy.viewing import AskedFigure, Viewing
from kpi_engine.subjects import subject_index
from kpi_engine.subjects.subject import SubjectName
from processors.storage.database import Connection, connect
from processors.storage.registry import registry
from processors.storage.schema import views
from tests.towns import heat_meter, town

pytestmark = pytest.mark.integration

HOMES: Final = [f"home-{number}" for number in range(1, 13)]
WEST, EAST = SubjectName("harbour", group="west"), SubjectName("harbour", group="east")
KPI: Final = "heat_delivered"


def city(west: list[str], east: list[str], **keys: object) -> str:
    meters = [heat_meter(name=f"meter-{home}", site=home) for home in HOMES]
    groups = [{"name": "west", "members": west}, {"name": "east", "members": east}]
    sites = {home: {"households": 1} for home in HOMES}
    return town(*meters, heat_meter(name="of-school", site="school"), sites=sites, groups=groups, **keys)


@pytest.fixture(scope="module")
def connection(module_database_url: str) -> Iterator[Connection]:
    with connect(module_database_url, "test") as session:
        yield session


@pytest.fixture
def former(connection: Connection) -> Iterator[None]:
    """Let each test begin with a town of nobody before."""
    yield
    connection.rollback()
    for table in ("evaluator_seen", "evaluator_figure", "evaluator_household_site", "evaluator_rule"):
        connection.execute(sql.SQL("delete from {}").format(sql.Identifier(table)))
    connection.commit()


def register(connection: Connection, text: str) -> list[str]:
    """Register a city file, and return of which cities the rule was made anew."""
    registry.sync(connection, [parse(text, "harbour")])
    connection.commit()
    with connection.transaction():
        return publish(connection, subject_index.load(connection))


def why(connection: Connection, name: SubjectName, month: str) -> str | None:
    """Return why an evaluator does not see the heat of a month."""
    start, end = (to_micros(_time(connection, f"{month}-01", after)) for after in ("0 months", "1 month"))
    viewing = Viewing(connection, to_micros(_time(connection, "2099-01-01", "0 months")), is_limited=True)
    return viewing.withheld(AskedFigure(name, KPI, Period.MONTH, start, end))


def _time(connection: Connection, day: str, later: str) -> datetime:
    row = connection.execute(
        "select (%s::date + %s::interval) at time zone 'Europe/Copenhagen'", [day, later]
    ).fetchone()
    assert row
    found: datetime = row[0]
    return found


@pytest.mark.usefixtures("former")
def test_the_rule_is_made_once_for_a_city_file(connection: Connection) -> None:
    text = city(HOMES[:6], HOMES[6:])
    assert register(connection, text) == ["harbour"]
    assert register(connection, text) == []
    assert why(connection, WEST, "2026-03") is None


@pytest.mark.usefixtures("former")
def test_a_city_file_that_is_not_ruled_yet_shows_nothing(connection: Connection) -> None:
    register(connection, city(HOMES[:6], HOMES[6:]))
    registry.sync(connection, [parse(city(HOMES[:6], HOMES[6:], title="Renamed"), "harbour")])
    connection.commit()
    assert "worked out anew" in (why(connection, WEST, "2026-03") or "")
    assert _seen(connection, "select count(*) from evaluator.kpi_value") == [(0,)]


@pytest.mark.usefixtures("former")
def test_of_months_that_were_shown_another_membership_is_not_since_the_difference_would_be_one(
    connection: Connection,
) -> None:
    """Each file by itself is fine; of the same month west with six homes and with seven would tell of the seventh."""
    register(connection, city(HOMES[:6], HOMES[6:]))
    register(connection, city(HOMES[:7], HOMES[7:]))
    assert "single out" in (why(connection, WEST, "2026-03") or "")
    assert "single out" in (why(connection, EAST, "2026-03") or "")
    assert why(connection, SubjectName("harbour"), "2026-03") is None
    assert why(connection, WEST, "2098-03") is None  # of which nobody has seen anything yet


@pytest.mark.usefixtures("former")
def test_what_was_shown_stays_shown_when_the_former_membership_comes_back(connection: Connection) -> None:
    register(connection, city(HOMES[:6], HOMES[6:]))
    register(connection, city(HOMES[:7], HOMES[7:]))
    register(connection, city(HOMES[:6], HOMES[6:]))
    assert why(connection, WEST, "2026-03") is None


@pytest.fixture
def reader(connection: Connection) -> Iterator[str]:
    """Return a role with the rights of evaluators: roles belong to the server, so this test has its own."""
    role = f"test_{uuid4().hex}"
    rights = next(text for text in views.definitions() if "pharos_evaluator" in text)
    connection.execute(sql.SQL("create role {}").format(sql.Identifier(role)))
    connection.execute(rights.replace("pharos_evaluator", role).encode())
    connection.commit()
    yield role
    connection.rollback()
    connection.execute(sql.SQL("reset role; drop owned by {0}; drop role {0}").format(sql.Identifier(role)))
    connection.commit()


def _seen(connection: Connection, query: str) -> list[tuple[object, ...]]:
    return connection.execute(query.encode()).fetchall()


def _figure(connection: Connection, site: str | None, group: str | None, period: str, value: float) -> None:
    """Keep a figure of a past month, or of its first day."""
    connection.execute("insert into figure_kind (kpi, period) values (%s, %s) on conflict do nothing", [KPI, period])
    connection.execute(
        "insert into figure_edition (unit, rule_version, code_version) values ('kWh', '1', '1') on conflict do nothing"
    )
    connection.execute(
        """
        insert into figure (period_start, computed_at, value, coverage, length, site_id, revision, edition_id, batch_id,
            kind_id, city_id, place, status, inputs_hash)
        select '2026-02-28T23:00Z', now(), %(value)s, 1, case %(period)s when 'day' then 86400 else 743 * 3600 end,
            (select site_id from figure_subject f where f.city_id = c.city_id and f.site is not distinct from %(site)s
                and f."group" is not distinct from %(group)s and (f.site is not null or f."group" is not null)),
            1, (select max(edition_id) from figure_edition), 1,
            (select kind_id from figure_kind where kpi = %(kpi)s and period = %(period)s), c.city_id, 0, 'f', ''
        from city c where c.name = 'harbour'
        """,
        {"site": site, "group": group, "period": period, "value": value, "kpi": KPI},
    )


@pytest.mark.usefixtures("former")
def test_sql_shows_the_same_to_its_role_and_no_table(connection: Connection, reader: str) -> None:
    register(connection, city(HOMES[:6], HOMES[6:]))
    for site, group, value in (
        (None, None, 100.0),
        ("home-1", None, 1.0),
        ("school", None, 50.0),
        (None, "west", 25.0),
    ):
        _figure(connection, site, group, "month", value)
        _figure(connection, site, group, "day", value / 31)
    connection.commit()
    connection.execute(sql.SQL("set role {}").format(sql.Identifier(reader)))
    connection.commit()
    found = _seen(connection, "select subject, period, value from evaluator.kpi_value order by period, value")
    assert found == [
        ("school", "day", 50 / 31),
        ("west", "month", 25.0),
        ("school", "month", 50.0),
        ("-", "month", 100.0),
    ]
    assert _seen(connection, "select site from evaluator.site") == [("school",)]
    for view in ("city", "site_group", "series", "factor", "ledger"):
        assert "home-" not in repr(_seen(connection, f"select * from evaluator.{view}"))  # noqa: S608 - names of ours
    for hidden in ("public.figure", "public.observation", "public.city", "grafana.kpi_value", "grafana.series"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute(f"select 1 from {hidden}".encode())  # noqa: S608 - names of ours
