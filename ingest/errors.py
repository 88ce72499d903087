"""Why the ingest stage refuses something; each class carries the facts a person needs to mend it."""

from dataclasses import dataclass


class IngestError(Exception):
    """Base of every error this package raises."""


def expectation(message: str) -> str:
    """Return what a validator of ours says was expected, without the words pydantic puts before it."""
    return message.removeprefix("Value error, ")


class ExtensionError(IngestError):
    """A module that should add a decoder, a dashboard or the like does not; says which one, and what it lacks."""


class UnitError(IngestError):
    """A unit is unknown, or measures something else than the quantity does."""


class DecodeError(IngestError):
    """A payload is not what its decoder expects; the message as a whole is refused."""


class OverLimitError(DecodeError):
    """A payload holds more than one message may; ``readings``: how many it plausibly held, at least one."""

    def __init__(self, what: str, found: int, limit: int, readings: int) -> None:
        self.readings = max(readings, 1)
        super().__init__(f"found {found} {what} in one message, {limit} are allowed; nothing of it is stored")


class MappingError(IngestError):
    """A mapping file cannot be used, or does not fit the file or the city it is used with."""


class HistoryError(IngestError):
    """A history file cannot be read."""


class YamlError(IngestError):
    """A text is not the YAML of a file that people write; says what was found, and in which line where it is known."""

    def __init__(self, problem: str, line: int | None = None) -> None:
        self.line = line
        super().__init__(problem)


@dataclass(frozen=True)
class FileFault:
    """One thing wrong in a city or mapping file: where it is, whose it is, and what was expected there.

    ``line`` is that of the key, from 1. ``subject`` names the device, site, fact or series. ``also`` says what else
    has the same fault, since it shares the line through an alias.
    """

    file: str
    key: str
    expected: str
    line: int | None = None
    subject: str = ""
    also: str = ""

    def __str__(self) -> str:
        file = self.file if self.line is None else f"{self.file}:{self.line}"
        key = f"{self.key} ({self.subject})" if self.subject else self.key
        return f"{file}: {key}: {self.expected}" + (f" ({self.also})" if self.also else "")


class CityFileError(IngestError):
    """A city file cannot be used; lists every fault found, not only the first."""

    def __init__(self, faults: list[FileFault]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


class SubscriptionRefusedError(IngestError):
    """The broker refuses what ingest subscribes to; nothing would ever arrive."""


class BusUnavailableError(IngestError):
    """Kafka was away until somebody asked to stop; what was not published was not acknowledged either."""


class BrokerUnavailableError(IngestError):
    """An MQTT broker did not confirm what it was given; nothing is known to have arrived."""
