"""Who is told of which alarms, how and when: a file of receivers and routes."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import ConfigDict, Field, model_validator

from deploy.errors import NotificationError
from deploy.mail import LOOPBACK, Address, MailServer
from ingest.model.alarm import Severity
from ingest.model.alarm_rules import ALARM_RULES
from ingest.model.declarations import declared_file
from ingest.model.declarations.alternatives import exactly_one
from ingest.model.declarations.declaration import Declaration, Duration, Name
from ingest.model.declarations.expected import one_of

URGENCY: Final = tuple(Severity)  # the most urgent first

PrivateUrl = Annotated[str, Field(pattern=r"^https?://[^\s/]+", max_length=2_000)]


class Webhook(Declaration):
    """Where JSON is posted to; ``url_file`` holds the address where it is a secret itself.

    ``secret_file``: of the signature of each body, HMAC with SHA-256 (RFC 2104), in the header Pharos-Signature.
    """

    url: PrivateUrl | None = None
    url_file: Path | None = None
    secret_file: Path | None = None

    _one_address = model_validator(mode="after")(exactly_one("url", "url_file", "url or url_file"))

    @model_validator(mode="after")
    def _unread_by_others(self) -> Self:
        if self.url is not None and not is_private(self.url):
            raise ValueError("expected https: on the way to another machine anybody reads what is posted over http")
        return self


class Receiver(Declaration):
    """A person, a team or a program that can be told.

    ``apprise_file``: addresses of services that Apprise knows, one a line, such as Teams, Slack, Matrix and SMS.
    """

    mail: tuple[Address, ...] = ()
    webhook: Webhook | None = None
    apprise_file: Path | None = None

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if not self.mail and self.webhook is None and self.apprise_file is None:
            raise ValueError("expected mail, webhook or apprise_file: so nobody could be told")
        return self


class Quiet(Declaration):
    """Hours of the city's own clock in which only alarms of ``even`` and worse are told; the others wait for their end.

    Ends before it begins where it goes over midnight.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    begin: Annotated[time, Field(alias="from")]
    end: Annotated[time, Field(alias="until")]
    even: Severity = Severity.CRITICAL

    @model_validator(mode="after")
    def _some_hours(self) -> Self:
        if self.begin == self.end:
            raise ValueError("expected an end that differs from the beginning")
        return self

    def holds_back(self, severity: str, local: datetime) -> bool:
        """Return whether an alarm waits at a time of the city's own clock."""
        clock, begin, end = local.time(), self.begin, self.end
        is_quiet = begin <= clock < end if begin < end else clock >= begin or clock < end
        return is_quiet and not is_urgent(severity, self.even)


class Escalation(Declaration):
    """Who else is told where nobody has acknowledged an alarm so long ``after`` it was told."""

    after: Duration
    receiver: Name


class Route(Declaration):
    """Which alarms a receiver is told of: of some cities and rules (none named: all), ``least`` as urgent as this.

    ``wait``: for others of the same cause, so that they come in one message. ``interval``: between two messages of
    one cause. ``again``: told once more after so long, while nobody acknowledges it.
    """

    receiver: Name
    cities: tuple[Name, ...] = ()
    rules: tuple[str, ...] = ()
    least: Severity = Severity.WARNING
    wait: Duration = timedelta(seconds=30)
    interval: Duration = timedelta(minutes=5)
    again: Duration | None = None
    cleared: bool = True
    quiet: Quiet | None = None
    escalate: tuple[Escalation, ...] = ()

    @model_validator(mode="after")
    def _rules_known(self) -> Self:
        for unknown in (rule for rule in self.rules if rule not in ALARM_RULES):
            raise ValueError(f"rules: {one_of(ALARM_RULES, unknown)}")
        return self

    def takes(self, city: str, rule: str, severity: str) -> bool:
        """Return whether its receiver is told of such an alarm."""
        return (
            (not self.cities or city in self.cities)
            and (not self.rules or rule in self.rules)
            and is_urgent(severity, self.least)
        )


class OfAlertmanager(Declaration):
    """Who is told of what Prometheus sees: of alerts that may wait, and of those that should wake somebody."""

    receiver: Name
    page: Name | None = None


class Notifications(Declaration):
    """A file of receivers and routes. ``console``: the address of the console, named in messages."""

    receivers: Annotated[Mapping[Name, Receiver], Field(min_length=1)]
    routes: Annotated[tuple[Route, ...], Field(min_length=1)]
    mail_server: MailServer | None = None
    console: PrivateUrl | None = None
    alertmanager: OfAlertmanager | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        named = [route.receiver for route in self.routes]
        named += [step.receiver for route in self.routes for step in route.escalate]
        if self.alertmanager is not None:
            named += [name for name in (self.alertmanager.receiver, self.alertmanager.page) if name]
        for unknown in (name for name in named if name not in self.receivers):
            raise ValueError(f"receiver: {one_of(self.receivers, unknown)}")
        if self.mail_server is None and any(one.mail for one in self.receivers.values()):
            raise ValueError("expected mail_server, since receivers are told by mail")
        return self


def load(path: Path) -> Notifications:
    """Read such a file; raises NotificationError with every fault."""
    return declared_file.load(path, Notifications, NotificationError)


def is_urgent(severity: str, least: Severity) -> bool:
    """Return whether a severity is ``least`` or worse; one that no version knows any more is."""
    known = [one.value for one in URGENCY]
    return severity not in known or known.index(severity) <= URGENCY.index(least)


def is_private(url: str) -> bool:
    """Return whether nobody on the way reads what goes to an address."""
    parts = urlsplit(url)
    return parts.scheme == "https" or parts.hostname in LOOPBACK
