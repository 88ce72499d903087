"""Handing figures on: every current revision, in order, from where it was left, whatever ends in between."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from ingest.errors import BrokerUnavailableError
from ingest.model.city.assets import City
from ingest.model.city.outbound import Outbound
from ingest.model.time import to_micros
from kpi_engine.outbound.outbox import CityChoice, Outbox, Outgoing
from kpi_engine.privacy.store import publish
from kpi_engine.subjects import subject_index
from processors.storage.database import Connection, connect
from processors.storage.registry.registry import sync
from tests.kpi_engine.outbound.written_figures import HARBOUR, HOUSES, WrittenFigures
from tests.towns import city, heat_meter

pytestmark = pytest.mark.integration

OTHER: Final = city(*HOUSES, name="other")
HOMES: Final = [f"home-{number}" for number in range(1, 13)]
VILLAGE: Final = city(
    *(heat_meter(name=f"meter-{home}", site=home) for home in HOMES),
    heat_meter(name="meter-school", site="school"),
    name="village",
    sites={home: {"households": 1} for home in HOMES},
    groups=[{"name": "west", "members": HOMES[:6]}],
)
"""Twelve households, a group of six of them, and a school."""
PLACE: Final = "harbour/city/harbour/heat_delivered/month/2026-0"


@dataclass
class Taken:
    """A channel that keeps what it is given, and is away when it is told so: before it takes any, or after."""

    name: str = "mqtt"
    revisions: list[tuple[str, int]] = field(default_factory=list)
    retained: dict[str, bool] = field(default_factory=dict)
    away: str = ""

    def send(self, outgoing: Sequence[Outgoing]) -> None:
        """Take them, as far as it is not away."""
        if self.away == "before":
            raise BrokerUnavailableError("away")
        self.revisions += [(one.place.key, json.loads(one.payload)["revision"]["value"]) for one in outgoing]
        self.retained |= {one.place.period: one.is_retained for one in outgoing}
        if self.away == "after":
            raise BrokerUnavailableError("killed before the mark moved")

    def newest(self) -> dict[str, int]:
        """Return what a reader that replaces has in the end."""
        return dict(self.revisions)


@pytest.fixture
def figures(connection: Connection) -> WrittenFigures:
    connection.autocommit = False
    sync(connection, [HARBOUR, OTHER])
    connection.commit()
    return WrittenFigures(connection)


def choice(made: City = HARBOUR, **keys: Any) -> CityChoice:  # noqa: ANN401 - as a city file has them
    return CityChoice(made, Outbound(**{"indicators": ("heat_delivered",), **keys}))


def test_what_is_new_goes_out_in_the_order_in_which_it_became_known_and_nothing_twice(figures: WrittenFigures) -> None:
    taken = Taken()
    outbox = Outbox(figures.connection, taken)
    for month in (3, 1, 2, 1):
        figures.write(month)
    assert outbox.hand_on(choice()) == 3
    assert taken.revisions == [(f"{PLACE}3", 1), (f"{PLACE}2", 1), (f"{PLACE}1", 2)]
    assert outbox.hand_on(choice()) == 0
    figures.write(3)
    outbox.hand_on(choice())
    assert taken.revisions[3:] == [(f"{PLACE}3", 2)]


def test_in_portions_it_goes_on_where_the_last_one_ended(figures: WrittenFigures) -> None:
    taken = Taken()
    for month in range(1, 6):
        figures.write(month)
    sizes = [Outbox(figures.connection, taken).hand_on(choice(), at_once=2) for _ in range(4)]
    assert sizes == [2, 2, 1, 0]
    assert [revision[0] for revision in taken.revisions] == [f"{PLACE}{month}" for month in range(1, 6)]


@pytest.mark.parametrize("away", ["before", "after"])
def test_a_channel_that_fails_is_given_the_same_again_by_whoever_comes_next(
    figures: WrittenFigures, database_url: str, away: str
) -> None:
    figures.write(1)
    figures.write(2)
    taken = Taken(away=away)
    with pytest.raises(BrokerUnavailableError):
        Outbox(figures.connection, taken).hand_on(choice())
    figures.connection.rollback()
    figures.write(1)  # while it is away
    taken.away = ""
    with connect(database_url, "test") as another:
        Outbox(another, taken).hand_on(choice())
    assert taken.newest() == {f"{PLACE}1": 2, f"{PLACE}2": 1}
    assert taken.revisions[-2:] == [(f"{PLACE}2", 1), (f"{PLACE}1", 2)]


def test_each_channel_and_each_city_has_a_mark_of_its_own(figures: WrittenFigures) -> None:
    figures.write(1)
    figures.write(1, city_name="other")
    over = {name: Taken(name) for name in ("mqtt", "kafka")}
    for taken in over.values():
        outbox = Outbox(figures.connection, taken)
        assert [outbox.hand_on(choice()), outbox.hand_on(choice(OTHER))] == [1, 1]
    assert over["mqtt"].revisions == over["kafka"].revisions


def test_only_what_the_city_chose_goes_out_and_another_choice_hands_on_everything_again(
    figures: WrittenFigures,
) -> None:
    for whose in (None, "quarter", "pair", "house-0"):
        figures.write(1, whose=whose)
    figures.write(1, kpi="heat_emissions")
    figures.write(1, period="day")
    taken = Taken()
    outbox = Outbox(figures.connection, taken)
    outbox.hand_on(choice())
    assert [key for key, _ in taken.revisions] == [
        "harbour/city/harbour/heat_delivered/month/2026-01",
        "harbour/group/quarter/heat_delivered/month/2026-01",
    ]
    taken.revisions.clear()
    outbox.hand_on(choice(indicators=("*",), periods=("month", "day"), sites=True))
    assert [key.removeprefix("harbour/") for key, _ in taken.revisions] == [
        "city/harbour/heat_delivered/month/2026-01",
        "group/quarter/heat_delivered/month/2026-01",
        "group/pair/heat_delivered/month/2026-01",
        "site/house-0/heat_delivered/month/2026-01",
        "city/harbour/heat_emissions/month/2026-01",
        "city/harbour/heat_delivered/day/2026-01-01",
    ]
    taken.revisions.clear()
    outbox.hand_on(choice())
    assert len(taken.revisions) == 2


def instant(day: int, month: int = 9) -> int:
    return to_micros(datetime(2026, month, day, tzinfo=UTC))


def test_of_households_goes_out_what_everybody_may_see_and_a_month_once_it_has_ended(figures: WrittenFigures) -> None:
    connection, taken = figures.connection, Taken()
    sync(connection, [VILLAGE])
    for whose in (None, "west", "home-1", "school"):
        for month in (8, 9):
            figures.write(month, whose=whose, city_name="village")
    asked = choice(VILLAGE, sites=True)
    assert Outbox(connection, taken, clock=lambda: instant(20)).hand_on(asked) == 0  # no rule yet
    publish(connection, subject_index.load(connection))
    connection.commit()
    assert Outbox(connection, taken, clock=lambda: instant(20)).hand_on(asked, at_once=3) == 2
    while Outbox(connection, taken, clock=lambda: instant(20)).hand_on(asked, at_once=3):
        pass
    seen = ["city/village", "group/west", "site/school"]
    august = [f"village/{one}/heat_delivered/month/2026-08" for one in seen]
    running = "village/site/school/heat_delivered/month/2026-09"  # no household is behind it
    assert list(taken.newest()) == [*august, running]
    while Outbox(connection, taken, clock=lambda: instant(1, month=10)).hand_on(asked):
        pass
    assert sorted(taken.newest()) == sorted(
        f"village/{one}/heat_delivered/month/2026-0{month}" for one in seen for month in (8, 9)
    )


def test_days_are_news_and_months_are_kept_for_those_who_come_later(figures: WrittenFigures) -> None:
    figures.write(1)
    figures.write(1, period="day")
    taken = Taken()
    Outbox(figures.connection, taken).hand_on(choice(periods=("month", "day")))
    assert taken.retained == {"month": True, "day": False}
