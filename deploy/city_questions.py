"""What has to be known of a new city: answers that were given, those of a person who is asked, else examples."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from deploy.city_proposals import Answers, grid_zones, zones
from deploy.errors import AnswerError
from ingest.model.city.assets import Role
from ingest.model.verticals import VERTICALS

EXAMPLE: Final = "DK"
UNKNOWN: Final = "unknown"

Ask = Callable[[str, str], str]
"""Asks a question, with what is proposed, and returns the answer."""


@dataclass(frozen=True)
class Given:
    """What was answered beforehand; None where nothing was."""

    title: str | None = None
    country: str | None = None
    timezone: str | None = None
    role: str | None = None
    grid_zone: str | None = None
    verticals: Sequence[str] | None = None


def answered(name: str, given: Given, ask: Ask | None = None) -> Answers:
    """Return what is known of the city ``name``; without ``ask`` what is proposed stands for what was not given.

    Raises AnswerError for a country, a role or a vertical that does not exist.
    """

    def answer(known: str | None, question: str, proposed: str) -> str:
        if known is not None:
            return known
        return ask(question, proposed).strip() if ask else proposed

    title = answer(given.title, "Title, as people read it", _title(name))
    country = _one_of(answer(given.country, "Country (ISO 3166, two letters)", EXAMPLE).upper(), zones, "country")
    timezone = answer(given.timezone, f"Time zone ({_some(zones(country))})", zones(country)[0])
    role = answer(given.role, f"Role in its project ({', '.join(Role)})", Role.FOLLOWER.value)
    of_grid = grid_zones(country)
    proposed = of_grid[0] if len(of_grid) == 1 else UNKNOWN
    is_answered = given.country is not None or ask is not None
    grid_zone = answer(given.grid_zone, f"Zone of the grid ({_some(of_grid)} or {UNKNOWN})", proposed)
    verticals = given.verticals or answer(
        None, f"Verticals, with commas between them ({', '.join(VERTICALS)})", "district_heating"
    ).replace(" ", "").split(",")
    for vertical in verticals:
        _one_of(vertical, VERTICALS.get, "vertical", ", ".join(VERTICALS))
    return Answers(
        name=name,
        title=title,
        country=country,
        timezone=timezone,
        role=_one_of(role, {one.value: one for one in Role}.get, "role", ", ".join(Role)),
        grid_zone=None if grid_zone == UNKNOWN or not (is_answered or given.grid_zone) else grid_zone,
        verticals=[*dict.fromkeys(verticals)],
        is_example=not is_answered,
    )


def _one_of(value: str, find: Callable[[str], object], kind: str, known: str = "ISO 3166, two letters") -> str:
    if not find(value):
        raise AnswerError(f"{kind}: {value!r}: expected one of {known}")
    return value


def _some(values: Sequence[str]) -> str:
    return ", ".join(values[:5]) + (", ..." if len(values) > 5 else "")


def _title(name: str) -> str:
    return name.replace("-", " ").replace("_", " ").title()
