"""How every long-running role begins, and how it tells meanwhile how its work goes."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import NamedTuple

from deploy import disk, internal, server_certificates, settings
from deploy.causes import Unreadiness
from deploy.logging import configure
from deploy.observer import Look, Observer, TakenAway
from deploy.progress import Progress
from deploy.report import Report
from deploy.roles.role import Stop


class Start(NamedTuple):
    """What a role begins with."""

    settings: settings.Settings
    stop: Stop
    causes: Unreadiness


def start(role: str, *missing: str) -> Start:
    """Begin the log of a role, read its settings, watch disk and certificates; ``missing``: what it still needs."""
    configure(role)
    chosen = settings.load()
    disk.watch(chosen.data)
    server_certificates.watch(chosen)
    return Start(chosen, Stop(), Unreadiness(*missing))


@contextmanager
def watched(
    chosen: settings.Settings, report: Report, applications: Sequence[str], tables: str, looks: Sequence[Look] = ()
) -> Iterator[None]:
    """Tell the world meanwhile how the work goes, and look at the database beside it.

    ``tables``: a pattern of those without which the role cannot work; ``looks``: what else is looked at.
    """
    causes, progress = report.causes, report.progress or Progress([])
    locked = TakenAway(tables)
    with (
        closing(Observer(chosen.database(), applications, progress, [*looks, locked.look])) as observer,
        closing(internal.serve(chosen.internal, report)),
    ):
        causes.ask(observer.causes)
        causes.ask(progress.causes)
        causes.ask(locked.causes)
        yield
