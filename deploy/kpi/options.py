"""Arguments that commands of ``pharos kpi`` share."""

from typing import Annotated

import typer

Kpi = Annotated[str, typer.Argument(help="An indicator, as listed by: pharos kpi list.", metavar="KPI")]
CityName = Annotated[str, typer.Option("--city", help="The city.")]
SiteName = Annotated[str | None, typer.Option("--site", help="One site; without it, the city as a whole.")]
GroupName = Annotated[str | None, typer.Option("--group", help="A group of the city file instead of a site.")]
Start = Annotated[str, typer.Option("--from", help="First day in the city's time, or an RFC 3339 instant.")]
End = Annotated[str, typer.Option("--to", help="The day or instant after the last.")]
