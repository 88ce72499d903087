"""Arguments that commands of ``pharos kpi`` share."""

from typing import Annotated

import typer

Kpi = Annotated[str, typer.Argument(help="An indicator, as listed by: pharos kpi list.", metavar="KPI")]
CityName = Annotated[str, typer.Option("--city", help="The city.")]
