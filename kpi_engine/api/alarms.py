"""Alarms as the interface shows them."""

from dataclasses import asdict
from datetime import datetime
from typing import Final

from pydantic import Field

from ingest.model.alarm import Severity
from ingest.model.alarm_rules import ALARM_RULES
from ingest.model.time import from_micros
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
    members: int = Field(description="How many devices it stands for, where it is of several that share something.")
    shelved_until: datetime | None = Field(description="When it is in sight again; null where it is not shelved now.")
    shelved_by: str | None
    shelf_reason: str | None


class AlarmWithRemedy(Alarm):
    """An alarm, with what to do about it."""

    remedy: str = Field(description="What to look at, in this order; empty for a rule that was given up.")
    rationale: str = Field(description="Where the thresholds of its rule come from.")


class AlarmMember(Answer):
    """A device that the alarm of what several share stands for."""

    device: str
    device_title: str
    site: str
    vertical: str
    joined_at: datetime
    left_at: datetime | None = Field(description="When it was none of them any more; null at the end of the alarm.")


class AlarmNote(Answer):
    """What somebody did about an alarm."""

    note_id: int
    at: datetime
    by: str
    action: str = Field(description="acknowledged, commented, shelved or unshelved.")
    text: str | None = Field(description="A comment, or why it was shelved.")
    until: datetime | None = Field(description="Until when it was shelved.")


def alarm(found: journal.AlarmRecord, now: datetime) -> Alarm:
    """Return an alarm with the title of its rule, which may have been given up since, and its shelf if it has one."""
    rule = ALARM_RULES.get(found.rule)
    shelf = {} if found.is_shelved(now) else dict.fromkeys(("shelved_until", "shelved_by", "shelf_reason"))
    return Alarm.model_validate(asdict(found) | {"title": rule.title if rule else found.title or found.rule} | shelf)


def with_remedy(found: journal.AlarmRecord, now: datetime) -> AlarmWithRemedy:
    """Return an alarm with what to do about it."""
    rule = ALARM_RULES.get(found.rule)
    told = {"remedy": rule.remedy if rule else found.remedy or "", "rationale": rule.rationale if rule else ""}
    return AlarmWithRemedy.model_validate(alarm(found, now).model_dump() | told)


def still_open(connection: Connection, now: int) -> list[Alarm]:
    """Return the open alarms of every city at ``now`` (microseconds), the newest first."""
    at = from_micros(now)
    return [alarm(found, at) for found in journal.read(connection, AlarmFilter(is_open=True), MOST_OPEN)]
