"""Why the stack refuses to start or stops; each message says what was wrong, where, and what was expected."""

from difflib import get_close_matches


class DeployError(Exception):
    """Base of every error this package raises."""


class SettingsError(DeployError):
    """A setting is missing or cannot be used; names the variable and what was expected."""


class PrivilegeError(DeployError):
    """A program that must not run as root cannot be given another identity here."""


class ForeignFolderError(DeployError):
    """A folder holds something that is not ours; nothing in it was touched."""


class AlreadyRunningError(DeployError):
    """Another process owns the data folder."""


class DatabaseServerError(DeployError):
    """The embedded PostgreSQL server cannot be created, started or reached."""


class BrokerError(DeployError):
    """The embedded MQTT broker cannot be started or does not answer an MQTT CONNECT."""


class UnknownCityError(DeployError):
    """A command names a city that nobody registered."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(f"no city is called {name!r}; registered are {', '.join(known) or 'none yet'}")


class UnknownSiteError(DeployError):
    """A command names a site that its city does not have."""

    def __init__(self, name: str, city: str, known: list[str]) -> None:
        super().__init__(f"no site of {city} is called {name!r}; it has {', '.join(known) or 'none'}")


class UnknownDeviceError(DeployError):
    """A command names a device that its city does not have."""

    def __init__(self, name: str, city: str, known: list[str]) -> None:
        alike = get_close_matches(name, known, 3)
        hint = f"; did you mean {' or '.join(alike)}?" if alike else f"; it has {len(known)} devices"
        super().__init__(f"no device of {city} is called {name!r}{hint}")


class UnknownGroupError(DeployError):
    """A command names a group that its city does not have."""

    def __init__(self, name: str, city: str, known: list[str]) -> None:
        super().__init__(f"no group of {city} is called {name!r}; it has {', '.join(known) or 'none'}")


class SiteAndGroupError(DeployError):
    """A command names a site and a group."""

    def __init__(self) -> None:
        super().__init__("expected --site or --group, not both")


class EmptyRangeError(DeployError):
    """A command is given a range that ends before it begins."""

    def __init__(self, start: str, end: str) -> None:
        super().__init__(f"--to {end}: expected a time after --from {start}")


class CorrectionError(DeployError):
    """A reading cannot be corrected as asked, or a correction not withdrawn; nothing was changed."""


class CredentialError(DeployError):
    """A device credential cannot be issued, rotated or revoked."""


class CredentialExistsError(CredentialError):
    """A device has a credential already; nothing was changed."""


class NoCredentialError(CredentialError):
    """A device has no credential; nothing was changed."""


class CertificateError(DeployError):
    """A certificate cannot be read or issued."""


class NotificationError(DeployError):
    """A file of receivers and routes is wrong, or a receiver cannot be told; says which and why."""


class MissingPackageError(DeployError):
    """A command needs a package that is not installed; says what to install."""


class GrafanaError(DeployError):
    """Grafana cannot be reached or refuses a dashboard, or dashboards are not as generated."""


class AnswerError(DeployError):
    """An answer about a new city names what does not exist."""


class MailError(DeployError):
    """The mail server cannot be reached, or does not take a message; nothing was delivered to those it names."""


class ScheduleError(DeployError):
    """A file of scheduled reports is not what was expected; names file, line and key."""


class BackupError(DeployError):
    """A backup cannot be made, is damaged, or cannot be restored; says what there is."""
