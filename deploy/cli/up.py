"""``pharos up``: the whole of Pharos on this machine, under one supervisor."""

import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.panel import Panel
from rich.table import Column, Table

from deploy import city_files, tables
from deploy.embedded.durability import Durability
from deploy.embedded.folder import DataFolder
from deploy.embedded.stack import SERVING_SECONDS, Stack
from deploy.embedded.supervisor import Announce, StopRequestedError, Supervisor, stopped_by_signals
from deploy.embedded.wishes import BrokerKind, Wishes
from deploy.settings import Address, load


def _address(value: str | Address) -> Address:
    return value if isinstance(value, Address) else Address.parse(value)


Demo = Annotated[bool, typer.Option("--demo", help="Add a simulated city with 13 months of history.")]
Data = Annotated[Path, typer.Option(envvar="PHAROS_DATA", help="Folder that keeps everything; made when missing.")]
Http = Annotated[
    Address,
    typer.Option(
        parser=_address, metavar="HOST:PORT", show_default="127.0.0.1:8080", help="Where console and HTTP listen."
    ),
]
Mqtt = Annotated[
    Address,
    typer.Option(parser=_address, metavar="HOST:PORT", show_default="127.0.0.1:1883", help="Where devices connect."),
]
Broker = Annotated[BrokerKind, typer.Option(help="The MQTT broker to run; mosquitto must be installed.")]
PostgresBin = Annotated[
    Path | None, typer.Option(help="Folder with initdb and postgres of a server of this machine, to run it instead.")
]
Forced = Annotated[Durability, typer.Option(help="When the NATS server forces what it acknowledged to disk.")]
Cities = Annotated[list[Path] | None, typer.Option("--city", help="City file; repeatable.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("up")(up)


def up(  # noqa: PLR0913, PLR0917 - a command has as many parameters as options
    demo: Demo = False,
    data: Data = Path("data"),
    http: Http = Address("127.0.0.1", 8080),  # noqa: B008 - a constant
    mqtt: Mqtt = Address("127.0.0.1", 1883),  # noqa: B008 - a constant
    broker: Broker = BrokerKind.NATS,
    durability: Forced = Durability.SECOND,
    city: Cities = None,
    postgres_bin: PostgresBin = None,
) -> None:
    """Start database, broker, all roles and the console on this machine. Ctrl-C stops them; a second start continues.

    Example: pharos up --demo --data ~/pharos --http 127.0.0.1:8080
    """
    console = tables.console()
    chosen = load(data)
    kept = chosen.quarantine_days, chosen.quarantine_quota()
    wishes = Wishes(http, mqtt, broker, tuple(city or ()), demo, durability, *kept, chosen.limits(), postgres_bin)
    wishes.check()  # before anything is made
    announce = _Announcer(console)
    cities = [city.name for city in city_files.started(wishes.city_files, announce)]
    folder = DataFolder(data)
    with folder.owned(), suppress(StopRequestedError), stopped_by_signals(announce):
        _run(folder, wishes, cities, console, announce)
    announce(f"stopped; everything is in {folder.root}")


def _run(folder: DataFolder, wishes: Wishes, cities: list[str], console: Console, announce: Announce) -> None:
    supervisor = Supervisor(announce)
    stack = Stack(folder, wishes, announce)
    try:
        stack.start(supervisor)
        _await_service(stack, supervisor, console, cities)
        console.print(_panel(stack, folder, cities))
        stack.start_demo(supervisor)
        supervisor.watch(stack.chores())
    finally:
        announce("stopping; what was acknowledged is kept")
        stack.rest()
        supervisor.stop()
        stack.clear()


def _await_service(stack: Stack, supervisor: Supervisor, console: Console, cities: list[str]) -> None:
    """Wait until the console answers, devices are let in and the cities are known; after a while go on without."""
    deadline = time.monotonic() + SERVING_SECONDS
    with console.status("starting ingest, processing, KPI engine and console ..."):
        while not (stack.admits() and stack.serves() and set(cities) <= set(stack.cities())):
            if time.monotonic() > deadline:
                return
            supervisor.look()
            time.sleep(0.1)


def _panel(stack: Stack, folder: DataFolder, awaited: Sequence[str]) -> Panel:
    """Return what a user needs to know; ``awaited``: the cities of the files, which a slow machine still registers."""
    known = stack.cities()
    cities = known + [f"{name} (being registered)" for name in awaited if name not in known]
    token = stack.token if stack.token_is_new else f"as before, in {folder.console_token}"
    facts = Table.grid(Column(), Column(overflow="fold"), padding=(0, 2))
    facts.add_row("Console", f"http://{stack.http}" + ("" if stack.serves() else " (still starting)"))
    facts.add_row("Token", token)
    facts.add_row("HTTP", f"http://{stack.http}/api/v1, described at /openapi.json")
    facts.add_row("MQTT", f"mqtt://{stack.mqtt}, for devices added with: pharos device add CITY DEVICE")
    facts.add_row("Cities", ", ".join(cities) or "none yet: --city FILE or --demo")
    facts.add_row("Data", str(folder.root))
    facts.add_row("Logs", str(folder.logs))
    if stack.token_is_new:
        facts.add_row("", f"The token is an administrator's; it is kept in {folder.console_token}")
    return Panel(facts, title="Pharos is running", subtitle="Ctrl-C stops it, the data stay", expand=False)


class _Announcer:
    """Prints one line of news with its time."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def __call__(self, news: str) -> None:
        self._console.print(f"{datetime.now(UTC):%H:%M:%S}Z {news}", markup=False, soft_wrap=True)
