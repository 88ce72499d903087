"""``pharos mapping``: the mappings of files that come with Pharos."""

import json

import typer
import yaml

from deploy import mapping_files, tables
from deploy.command_group import CommandGroup
from deploy.options import Json
from ingest.history import mapping_kinds

_group = CommandGroup("mapping", help="Mappings of history files that come with Pharos.")
register = _group.register


@_group.command("list")
def list_(as_json: Json = False) -> None:
    """List the mappings that come with Pharos, by the names that pharos replay takes.

    Example: pharos mapping list
    """
    rows = [(path.stem, mapping_kinds.load(path).source) for path in mapping_files.shipped()]
    if as_json:
        typer.echo(json.dumps([{"name": name, "source": source} for name, source in rows]))
        return
    table = tables.table("name", "reads")
    for row in rows:
        table.add_row(*row)
    tables.show(table)


@_group.command("show")
def show(name: str, as_json: Json = False) -> None:
    """Print a mapping that comes with Pharos, to begin one of your own with.

    Example: pharos mapping show datadis > mine.yaml
    """
    text = mapping_files.path(name).read_text(encoding="utf-8")
    typer.echo(json.dumps(yaml.safe_load(text), default=str) if as_json else text, nl=as_json)
