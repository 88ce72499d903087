"""``pharos mcp``: figures for assistants, by the Model Context Protocol over standard input and output."""

from pathlib import Path
from typing import Annotated, Final

import typer

from deploy.errors import CredentialError
from deploy.optional import needed_by

EXTRA: Final = (
    "install the extra mcp and the client: make mcp in a clone, elsewhere pip install ./client 'pharos-monitoring[mcp]'"
)
Url = Annotated[str, typer.Option("--url", help="Where Pharos answers.", metavar="URL")]
TokenFile = Annotated[
    Path,
    typer.Option("--token-file", help="A file with a token, as of an evaluator.", exists=True, dir_okay=False),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="mcp")(mcp)


def mcp(url: Url, token_file: TokenFile) -> None:
    """Serve figures to an assistant: it reads over the interface at --url what the token may read, and nothing else.

    Example: pharos mcp --url http://127.0.0.1:8080 --token-file evaluator.token
    """
    with needed_by("pharos mcp", EXTRA):
        from pharos_client import Pharos  # noqa: PLC0415 - an installation may lack it
        from pharos_client.mcp_server import server  # noqa: PLC0415 - an installation may lack what it imports
    token = token_file.read_text(encoding="utf-8").strip()
    if not token:
        raise CredentialError(f"{token_file} is empty; expected a token on one line")
    with Pharos(url, token, progress=False) as pharos:
        server(pharos, url).run("stdio")
