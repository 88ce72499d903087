"""``pharos ingest``: the role that takes what devices publish over MQTT to the store, or to Kafka where it is used."""

from contextlib import closing
from typing import Final

import structlog
import typer

from deploy import city_files, internal
from deploy.causes import STARTING
from deploy.report import Report
from deploy.roles import storing
from deploy.roles.ingest import APPLICATION, IngestRole
from deploy.roles.role import work_with_database
from deploy.roles.start import start, watched

log = structlog.get_logger(__name__)

TABLES: Final = "^(ledger|observation|conflict|quarantine|device|series|city|site|source|meter|session)"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="ingest")(ingest)


def ingest() -> None:
    """Store what devices publish over MQTT; acknowledged only when it is durable. Configured by PHAROS_*.

    With PHAROS_KAFKA_BOOTSTRAP it goes to Kafka and nowhere else, and pharos process stores it.

    Runs once for each broker. A second one with the same data folder takes the broker's session from the first, again
    and again; with a folder of its own, each is sent every message, and what comes again is counted as duplicate.

    Example: PHAROS_CITIES=harbour.yaml PHAROS_MQTT_URL=mqtt://ingest:...@localhost pharos ingest
    """
    chosen, stop, causes = start("ingest")
    if chosen.kafka_bootstrap:
        from deploy.roles import relay  # noqa: PLC0415 - clients of Kafka, which most do without

        relaying = relay.Relay(chosen, causes, stop)
        causes.ask(relaying.progress.causes)
        with closing(internal.serve(chosen.internal, Report(relay.MEANS, causes, relaying.progress))):
            relaying.run()
        return
    causes.set("database", STARTING)
    role = IngestRole(chosen, city_files.started(chosen.cities, log.warning), causes, stop)
    with watched(chosen, Report(storing.MEANS, causes, role.progress), [APPLICATION], TABLES):
        work_with_database(chosen.database(), APPLICATION, role.run, causes, stop)
