"""What a new city file begins with: zones by country, emission factors by country, examples by vertical.

Only what can be looked up is proposed; where a country has several zones, or no factor is shipped for it, the file says
which there are and takes none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Final

from ingest.model.verticals import VERTICALS
from kpi_engine.factors.files import shipped

TEMPLATES: Final = Path(__file__).parent / "templates"
HEAT: Final = {"GB": "desnz-uk-district-heat"}
HEAT_ELSEWHERE: Final = "en-iso-52000-1-district-heating"
# As electricityMap names the bidding zones of countries that have several (recalled); elsewhere it is the country.
GRID_ZONES: Final = {
    "DK": ("DK-DK1", "DK-DK2"),
    "IT": ("IT-NO", "IT-CNO", "IT-CSO", "IT-SO", "IT-SAR", "IT-SIC"),
    "NO": ("NO-NO1", "NO-NO2", "NO-NO3", "NO-NO4", "NO-NO5"),
    "SE": ("SE-SE1", "SE-SE2", "SE-SE3", "SE-SE4"),
}


@dataclass(frozen=True)
class Answers:
    """What the file of a new city says of it; ``grid_zone``: None where nobody knows.

    ``is_example``: nobody said which country it is in.
    """

    name: str
    title: str
    country: str
    timezone: str
    role: str
    grid_zone: str | None
    verticals: Sequence[str]
    is_example: bool = False


def zones(country: str) -> Sequence[str]:
    """Return the zones of a country, the one of its capital or of most people first; none for an unknown country."""
    return _zones().get(country, ())


def grid_zones(country: str) -> Sequence[str]:
    """Return the zones of the electricity grid in a country."""
    return GRID_ZONES.get(country, (country,))


def electricity_factor(country: str) -> str | None:
    """Return the newest factor over the whole life cycle that is shipped for a country's grid, None for none."""
    code = {"GB": "uk"}.get(country, country.lower())
    found = [
        factor
        for factor in shipped()
        if factor.carrier == "electricity"
        and factor.name.removeprefix("electricity-").rstrip("0123456789") == code
        and factor.boundary == "life_cycle"
    ]
    return max(found, key=lambda factor: factor.valid_from).name if found else None


def text(answers: Answers) -> str:
    """Return the text of a commented city file; KeyError for a vertical that does not exist."""
    parts = [_example(vertical) for vertical in answers.verticals]
    return Template((TEMPLATES / "city.yaml").read_text(encoding="utf-8")).substitute(
        name=answers.name,
        title=answers.title.replace("\\", "\\\\").replace('"', '\\"'),
        country=answers.country,
        timezone=answers.timezone,
        zone_note=_zone_note(answers),
        role=answers.role,
        grid_zone=_grid_zone(answers),
        factors=_factors(answers.country),
        verticals=" or ".join([", ".join([*VERTICALS][:-1]), [*VERTICALS][-1]]),
        sites="\n".join(sites for sites, _ in parts),
        devices="\n".join(devices for _, devices in parts),
    )


def _zone_note(answers: Answers) -> str:
    others = [zone for zone in zones(answers.country) if zone != answers.timezone]
    if answers.is_example:
        return " Change both, and the factors with them."
    return f"\n# There too: {', '.join(others[:6])}." if others else ""


def _grid_zone(answers: Answers) -> str:
    if answers.grid_zone:
        return f"grid_zone: {answers.grid_zone}"
    several = grid_zones(answers.country)
    return f"# grid_zone: {several[0]}" + (f"   # or {', '.join(several[1:])}" if len(several) > 1 else "")


def _factors(country: str) -> str:
    lines = ["factors:", f"  heat: {HEAT.get(country, HEAT_ELSEWHERE)}"]
    electricity = electricity_factor(country)
    if electricity:
        lines.append(f"  electricity: {electricity}")
    else:
        lines.append(f"  # electricity: no factor of {country} is shipped; load one: docs/factor-files.md")
    return "\n".join(lines)


def _example(vertical: str) -> tuple[str, str]:
    whole = (TEMPLATES / "verticals" / f"{VERTICALS[vertical].name}.yaml").read_text(encoding="utf-8")
    sites, devices = whole.removeprefix("sites:\n").split("devices:\n")
    return sites.rstrip(), devices.rstrip()


@cache
def _zones() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            found[country] = (*found.get(country, ()), zone)
    return found
