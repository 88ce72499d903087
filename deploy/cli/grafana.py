"""``pharos grafana``: dashboards generated from code, and brought into a running Grafana.

Generating is a matter of development and pushing an extra: their packages are loaded by the command that needs them.
"""

import json
import re
from pathlib import Path
from typing import Annotated, Final

import typer

from deploy.command_group import CommandGroup
from deploy.errors import GrafanaError
from deploy.grafana.dashboard_files import FOLDER
from deploy.optional import needed_by
from deploy.options import Json

DEVELOPMENT: Final = "it is a tool of development: in a clone, make lint installs it"
EXTRA: Final = "install the extra grafana: make grafana in a clone, elsewhere pip install 'pharos-monitoring[grafana]'"

Output = Annotated[Path, typer.Option("--output", help="The folder to write to.", file_okay=False)]
Check = Annotated[bool, typer.Option("--check", help="Write nothing; exit code 1 where files differ from the code.")]
Url = Annotated[str, typer.Option(help="Address of Grafana, such as https://grafana.example.org.")]
TokenFile = Annotated[
    Path,
    typer.Option(help="File with the token of a service account of role Editor.", exists=True, dir_okay=False),
]

Console = Annotated[str | None, typer.Option(help="Address of the console for its viewers; cells lead to it.")]
Home = Annotated[bool, typer.Option("--home", help="Begin with the overview of the city; wants the role Admin.")]

_group = CommandGroup("grafana", "The dashboards of Grafana.")
register = _group.register


@_group.command()
def generate(output: Output = FOLDER, check: Check = False, as_json: Json = False) -> None:
    """Write the dashboards as the JSON files that Grafana loads; only what differs is written.

    Example: pharos grafana generate --check
    """
    with needed_by("pharos grafana generate", DEVELOPMENT):
        from deploy.grafana import generated  # noqa: PLC0415 - an installation may lack what it imports
    if check:
        if differing := generated.differing(output):
            raise GrafanaError(f"not as generated: {', '.join(differing)}; run: pharos grafana generate")
        typer.echo(json.dumps([]) if as_json else "The files are as generated.")
        return
    changed = generated.write(output)
    if as_json:
        typer.echo(json.dumps([str(path) for path in changed]))
        return
    typer.echo("\n".join(map(str, changed)) or "Nothing to do: the files are as generated.")


@_group.command()
def push(url: Url, token_file: TokenFile, console: Console = None, home: Home = False, as_json: Json = False) -> None:
    """Bring the dashboards into a running Grafana, into the folder Pharos; what it already holds is left alone.

    Example: pharos grafana push --url https://grafana.example.org --token-file /run/secrets/grafana-token
    """
    with needed_by("pharos grafana push", EXTRA):
        from deploy.grafana.push import push as push_to  # noqa: PLC0415 - an installation may lack what it imports
    outcomes = push_to(url, token_file.read_text(encoding="utf-8").strip(), _address(console), is_home=home)
    if as_json:
        typer.echo(json.dumps(outcomes))
    else:
        typer.echo("\n".join(f"{outcome:9}  {title}" for title, outcome in outcomes.items()))


def _address(console: str | None) -> str | None:
    if console is not None and not re.fullmatch(r"https?://[^\s?#]+", console):
        raise typer.BadParameter(
            f"{console}: expected an address such as https://pharos.example.org", param_hint="--console"
        )
    return console and console.rstrip("/")
