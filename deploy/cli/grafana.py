"""``pharos grafana``: dashboards generated from code, and brought into a running Grafana."""

import json
from pathlib import Path
from typing import Annotated

import typer

from deploy.errors import GrafanaError
from deploy.grafana import generated
from deploy.grafana.push import push as push_to

Output = Annotated[Path, typer.Option("--output", help="The folder to write to.", file_okay=False)]
Check = Annotated[bool, typer.Option("--check", help="Write nothing; exit code 1 where files differ from the code.")]
Url = Annotated[str, typer.Option(help="Address of Grafana, such as https://grafana.example.org.")]
TokenFile = Annotated[
    Path,
    typer.Option(help="File with the token of a service account of role Editor.", exists=True, dir_okay=False),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]

_group = typer.Typer(help="The dashboards of Grafana.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.add_typer(_group, name="grafana")


@_group.command()
def generate(output: Output = generated.FOLDER, check: Check = False) -> None:
    """Write the dashboards as the JSON files that Grafana loads; only what differs is written.

    Example: pharos grafana generate --check
    """
    if check:
        if differing := generated.differing(output):
            raise GrafanaError(f"not as generated: {', '.join(differing)}; run: pharos grafana generate")
        typer.echo("The files are as generated.")
        return
    changed = generated.write(output)
    typer.echo("\n".join(map(str, changed)) or "Nothing to do: the files are as generated.")


@_group.command()
def push(url: Url, token_file: TokenFile, as_json: Json = False) -> None:
    """Bring the dashboards into a running Grafana, into the folder Pharos; what it already holds is left alone.

    Example: pharos grafana push --url https://grafana.example.org --token-file /run/secrets/grafana-token
    """
    outcomes = push_to(url, token_file.read_text(encoding="utf-8").strip())
    if as_json:
        typer.echo(json.dumps(outcomes))
    else:
        typer.echo("\n".join(f"{outcome:9}  {title}" for title, outcome in outcomes.items()))
