"""``pharos simulate``: simulated devices that publish their native payloads to any broker, as real ones would."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated, Final

import structlog
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from deploy import internal, settings
from deploy.causes import Unreadiness
from deploy.errors import SettingsError
from deploy.logging import configure
from deploy.report import Report
from deploy.roles.role import Stop
from ingest.errors import CityFileError
from ingest.model.calendar import Period, floor
from ingest.model.city import city_file
from ingest.model.city.assets import City
from ingest.model.sentences import Sentence
from ingest.model.time import SECOND
from simulators.broker import Outbox
from simulators.device import INSTALLED
from simulators.errors import SimulationError
from simulators.faults import FAULTS, afflict
from simulators.fleet import fleet
from simulators.history import Journal, Stretch, messages, plan
from simulators.payload import feedback_topics
from simulators.publish import Pace, Receipt, Simulation, Surroundings
from simulators.tempo import Tempo
from simulators.transmitter import Transmitter

DEMONSTRATION: Final = Path(__file__).parents[1] / "cities" / "sonderborg.yaml"
MEANS = "the simulated devices are not heard"
LOADING_THE_PAST: Final = Sentence("the past is being loaded, newest first: the broker has taken {share} of it")
LOG_EVERY_SECONDS: Final = 10

CityFile = Annotated[Path, typer.Option("--city", help="City file whose devices to simulate.")]
Verticals = Annotated[list[str] | None, typer.Option("--vertical", help="Only this vertical; repeatable.")]
Rate = Annotated[
    float | None,
    typer.Option(
        min=1.0, help="Seconds between two readings of a device; by default what the city file expects of it."
    ),
]
Seed = Annotated[int, typer.Option(min=0, help="The same seed gives the same readings.")]
History = Annotated[int, typer.Option(min=0, help="Whole months of the past to fill in, newest day first.")]
Faults = Annotated[
    list[str] | None,
    typer.Option(
        metavar="FAULT[:DEVICE|:SHARE]",
        help=f"What goes wrong, for one device or for a share of them; repeatable. One of: {', '.join(FAULTS)}.",
    ),
]

log = structlog.get_logger(__name__)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("simulate")(simulate)


def simulate(  # noqa: PLR0913, PLR0917 - a command has as many parameters as options
    city: CityFile = DEMONSTRATION,
    vertical: Verticals = None,
    rate: Rate = None,
    seed: Seed = 1,
    history: History = 13,
    faults: Faults = None,
) -> None:
    """Simulate a city's devices: live at once, and their past beside it. A restart continues where the broker got to.

    Example: PHAROS_MQTT_URL=mqtt://user:password@localhost pharos simulate --rate 5 --faults late:0.3
    """
    configure("simulate")
    try:
        chosen = settings.load()
        declared = city_file.load(city)
        now = _now()
        devices = fleet(declared, seed, vertical or ())
        afflicted = afflict(faults or (), devices, seed, now)
        outbox: Outbox[Receipt] = Outbox(
            chosen.mqtt(), ca_file=chosen.mqtt_ca_file, listen=feedback_topics(declared.name)
        )
    except (SettingsError, CityFileError, SimulationError) as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from None
    journal = Journal(chosen.data / "simulator.json", f"{declared.name}/seed-{seed}")
    wanted = Stretch(origin(declared, now, history), now)
    past = list(plan(journal, [device.name for device in devices], wanted))
    total = max(len(past), messages(len(devices), wanted))
    transmitters = [Transmitter(device, afflicted[device.name]) for device in devices]
    pace = Pace(live=_intervals(declared, rate), history=Tempo())
    arrival = _Arrival(total - len(past), total)
    with (
        closing(internal.serve(chosen.internal, Report(MEANS, _causes(outbox), notes=arrival.notes))),
        _shown(total - len(past), total) as shown,
    ):
        log.info("simulating", city=declared.name, devices=len(devices), history_messages=len(past))
        _work(
            Simulation(transmitters, pace, Surroundings(outbox, journal, _now, arrival.before(shown))),
            outbox,
            iter(past),
        )


def _work(simulation: Simulation, outbox: Outbox[Receipt], past: Iterator[tuple[str, Stretch]]) -> None:
    stop = Stop()
    outbox.open()
    with closing(outbox):
        simulation.run(past, lambda: bool(stop))


def _now() -> int:
    return time.time_ns() // 1000


def origin(city: City, now: int, months: int) -> int:
    """Return the first instant of the month that lies ``months`` before this one, in the city's zone."""
    if not months:
        return now
    start = floor(now, Period.MONTH, city.timezone)
    for _ in range(months):
        start = floor(start - 1, Period.MONTH, city.timezone)
    return max(start, INSTALLED)


def _intervals(city: City, rate: float | None) -> dict[str, int]:
    """Return the microseconds between two readings by device: what is expected of it, or ``rate`` seconds for all."""
    return {device.name: int(rate * SECOND) if rate else device.expected_interval.length for device in city.devices}


def _causes(outbox: Outbox[Receipt]) -> Unreadiness:
    causes = Unreadiness()
    hint = "not connected; trying again at least every 10 s"
    causes.follow("broker", lambda: None if outbox.is_connected else hint)
    return causes


@contextmanager
def _shown(before: int, total: int) -> Iterator[Callable[[int], None]]:
    """Show how much of ``total`` messages of history has arrived: a bar to a person, lines of log otherwise.

    ``before``: how many had arrived when an earlier run ended.
    """
    console = Console(stderr=True)
    if not (console.is_terminal and total > before):
        yield _Lines(before, total)
        return
    columns = (TextColumn("history"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("history", total=total, completed=before)
        yield lambda arrived: progress.update(task, completed=before + arrived)


class _Arrival:
    """How much of the history has arrived, for those who ask for it."""

    def __init__(self, before: int, total: int) -> None:
        self._before, self._arrived, self._total = before, before, total

    def before(self, shown: Callable[[int], None]) -> Callable[[int], None]:
        """Return what takes note of how much has arrived before it is ``shown``."""

        def on_history(arrived: int) -> None:
            self._arrived = self._before + arrived
            shown(arrived)

        return on_history

    def notes(self) -> list[str]:
        """Return a sentence while history is under way."""
        if self._arrived >= self._total:
            return []
        percent = 100 * self._arrived / self._total
        return [LOADING_THE_PAST.of(share=f"{percent:.1f} %")]


class _Lines:
    """Logs progress at most every ten seconds, and once when all has arrived."""

    def __init__(self, before: int, total: int) -> None:
        self._before, self._total, self._logged, self._at = before, total, before, time.monotonic()

    def __call__(self, arrived: int) -> None:
        now_there = self._before + arrived
        due = time.monotonic() - self._at > LOG_EVERY_SECONDS or now_there == self._total
        if due and now_there > self._logged:
            self._logged, self._at = now_there, time.monotonic()
            percent = round(100 * now_there / self._total, 1)
            log.info("history", percent=percent, arrived=now_there, total=self._total)
