"""Alarms as the interface shows them."""

from dataclasses import asdict
from datetime import datetime
from typing import Final

from pydantic import Field

from ingest.model.alarm import Severity
from ingest.model.alarm_rules import ALARM_RULES
from kpi_engine.alarms import journal
from kpi_engine.alarms.journal import AlarmFilter
from kpi_engine.api.representation import Answer
from processors.storage.database import Connection

MOST_OPEN: Final = 500
"""Open alarms that a console is told of; more are no list that anybody reads."""


class Alarm(Answer):
    """One alarm; open until it has a `cleared_at`, whether or not somebody acknowledged it."""

    alarm_id: int
    city: str
    site: str
    vertical: str
    device: str
    device_title: str
    rule: str
    title: str
    severity: Severity = Field(description="critical, major, minor or warning.")
    raised_at: datetime = Field(description="By the time of the reading it was raised on.")
    cleared_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None = Field(description="The name of the token, or who used the command line.")
    value: float = Field(description="What it was raised on, in `unit`.")
    threshold: float
    unit: str
    detail: str = Field(description="A sentence about what is wrong.")


def alarm(found: journal.AlarmRecord) -> Alarm:
    """Return an alarm with the title of its rule, which may have been given up since."""
    rule = ALARM_RULES.get(found.rule)
    return Alarm.model_validate(asdict(found) | {"title": rule.title if rule else found.rule})


def still_open(connection: Connection) -> list[Alarm]:
    """Return the open alarms of every city, the newest first."""
    return [alarm(found) for found in journal.read(connection, AlarmFilter(is_open=True), MOST_OPEN)]
