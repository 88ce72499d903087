"""Options that several commands have, each with the same words everywhere."""

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
OnlyCity = Annotated[str | None, typer.Option("--city", help="Only this city.")]
