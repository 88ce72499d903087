"""Options that several commands have, each with the same words everywhere."""

from datetime import date
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
OnlyCity = Annotated[str | None, typer.Option("--city", help="Only this city.")]


def _day(text: str | date) -> date:
    try:
        return text if isinstance(text, date) else date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day; expected one such as 2026-01-01") from None


FromDay = Annotated[date, typer.Option("--from", parser=_day, metavar="DAY", help="The first day.")]
ToDay = Annotated[date, typer.Option("--to", parser=_day, metavar="DAY", help="The day after the last.")]
