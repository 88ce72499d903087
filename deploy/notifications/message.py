"""What people and programs are told, in words and in JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final

from deploy.notifications.due import Notification, Occasion
from ingest.model.alarm import Severity
from ingest.model.alarm_rules import ALARM_RULES
from kpi_engine.alarms.journal import AlarmRecord

MOST_TOLD: Final = 20
"""Alarms told in words; a message of more says how many more there are."""

_BEFORE: Final = {
    Occasion.RAISED: "",
    Occasion.ESCALATED: "Nobody has acknowledged: ",
    Occasion.REMINDED: "Still open: ",
    Occasion.CLEARED: "Cleared: ",
}


@dataclass(frozen=True)
class Message:
    """What one receiver is told: ``subject`` and ``text`` for people, ``document`` for programs."""

    subject: str
    text: str
    document: Mapping[str, object]


def message(notification: Notification, zone: tzinfo, console: str | None) -> Message:
    """Return what is said of some alarms; times in words are civil ones of ``zone``, those of the document are UTC."""
    first, count = notification.alarms[0], len(notification.alarms)
    title = first.title or title_of(notification.rule)
    worst = min((one.severity for one in notification.alarms), key=_urgency)
    devices = first.device_title if count == 1 else f"{count} devices"
    subject = f"[{worst}] {notification.city}: {_BEFORE[notification.occasion]}{title}, {devices}"
    lines = [f"{_BEFORE[notification.occasion]}{title} in {notification.city}: {devices}.", ""]
    lines += [_line(one, zone) for one in notification.alarms[:MOST_TOLD]]
    if count > MOST_TOLD:
        lines.append(f"and {count - MOST_TOLD} more.")
    if notification.occasion is not Occasion.CLEARED:
        numbers = " ".join(str(one.alarm_id) for one in notification.alarms[:1])
        lines += ["", f"Whoever looks after it says so in the console or with: pharos alarms ack {numbers}"]
    if console is not None:
        lines += ["", console]
    document = {
        "occasion": notification.occasion.value,
        "receiver": notification.receiver,
        "city": notification.city,
        "rule": notification.rule,
        "title": title,
        "severity": worst,
        "alarms": [_of(one) for one in notification.alarms],
        "console": console,
    }
    return Message(subject, "\n".join(lines) + "\n", document)


def trial(receiver: str, console: str | None, city: str | None = None, asked_by: str | None = None) -> Message:
    """Return a message that says only that it can be read, and for which city somebody asked for it."""
    text = "This is a trial: alarms of Pharos reach you here. Nothing is wrong.\n"
    document: dict[str, object] = {"occasion": "trial", "receiver": receiver, "alarms": [], "console": console}
    if city is None:
        return Message("Pharos: a trial", text, document)
    text += f"\n{asked_by} asked for it in the console of {city}.\n"
    return Message(f"Pharos: a trial for {city}", text, document | {"city": city, "asked_by": asked_by})


def title_of(rule: str) -> str:
    """Return the title of a rule, which a later version may have given up."""
    known = ALARM_RULES.get(rule)
    return known.title if known else rule


def _line(alarm: AlarmRecord, zone: tzinfo) -> str:
    ended = f", cleared {_local(alarm.cleared_at, zone)}" if alarm.cleared_at else ""
    since = f"since {_local(alarm.raised_at, zone)}{ended}"
    return f"- {alarm.device_title} ({alarm.site}/{alarm.device}), {since}: {alarm.detail}"


def _local(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}"


def _of(alarm: AlarmRecord) -> Mapping[str, object]:
    return {
        "alarm_id": alarm.alarm_id,
        "site": alarm.site,
        "vertical": alarm.vertical,
        "device": alarm.device,
        "device_title": alarm.device_title,
        "severity": alarm.severity,
        "raised_at": _utc(alarm.raised_at),
        "cleared_at": _utc(alarm.cleared_at) if alarm.cleared_at else None,
        "value": alarm.value,
        "threshold": alarm.threshold,
        "unit": alarm.unit,
        "detail": alarm.detail,
    }


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _urgency(severity: str) -> int:
    known = [one.value for one in Severity]
    return known.index(severity) if severity in known else 0
