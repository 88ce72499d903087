"""``pharos publish``: the role that hands figures on to programs of others."""

from typing import Final

import typer

from deploy.progress import Progress
from deploy.report import Report
from deploy.roles.handing_on import APPLICATION, MEANS, HandingOn
from deploy.roles.start import start, watched

TABLES: Final = "^(figure|city|site|kpi_due)"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="publish")(publish)


def publish() -> None:
    """Hand figures on over MQTT and Kafka, as entities of NGSI-LD, for cities that say so (outbound in the city file).

    Works once for each way: where it runs many times, one hands on and the others wait, not ready, to take over within
    seconds. What one was sending as it froze, it may send again when it goes on.

    Configured by PHAROS_FIGURES_URL (MQTT) and PHAROS_KAFKA_BOOTSTRAP; see: pharos config.

    Example: PHAROS_FIGURES_URL=mqtt://publisher:...@localhost:1883 pharos publish
    """
    chosen, stop, causes = start("publish", "database")
    handing_on = HandingOn(chosen, causes, stop)
    report = Report(MEANS, causes, Progress(list(handing_on.loops.values())))
    with watched(chosen, report, [APPLICATION], TABLES):
        handing_on.run()
