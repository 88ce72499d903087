"""Pharos for assistants that speak the Model Context Protocol: it reads, and says no where there is no figure.

Needs the extra ``mcp``. A tool that refuses answers with an error in words (``isError``), never with a number.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Final

import httpx
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from pharos_client.answers import RefusedError, city_answer, figure_answers, indicator_answer
from pharos_client.client import Period, Pharos
from pharos_client.errors import PharosError

INSTRUCTIONS: Final = (
    "Figures of energy and emissions of cities, computed from meters. Always give a value with its bounds (lower, "
    "upper), its unit, its status and the address of its lineage. 'provisional' may still change; 'due' is about to. "
    "Where a tool refuses, say why in its words: never estimate, interpolate or add up figures in its place."
)
READING: Final = ToolAnnotations(read_only_hint=True, destructive_hint=False, open_world_hint=False)
Day = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$", description="A civil day of the city, such as 2026-01-01.")]


def server(pharos: Pharos, address: str) -> MCPServer[Any]:
    """Return a server over a client; ``address`` is where people reach the same Pharos."""
    with _own_log():
        made: MCPServer[Any] = MCPServer("pharos", instructions=INSTRUCTIONS)

    def list_cities() -> list[dict[str, Any]]:
        """List the cities whose figures can be read."""
        with _in_words():
            return [city_answer(one) for one in pharos.cities()]

    def list_indicators(city: str | None = None) -> list[dict[str, Any]]:
        """List the indicators with definition, formula and unit; with a city also why it has none of one."""
        with _in_words():
            return [indicator_answer(one) for one in pharos.kpis(city)]

    def values(  # noqa: PLR0913, PLR0917 - a figure is found by all of these
        indicator: str,
        city: str,
        start: Day,
        end: Day,
        period: Period = "month",
        site: str | None = None,
        group: str | None = None,
    ) -> list[dict[str, Any]]:
        """Return figures of an indicator for the civil periods that overlap [start, end), of a city, a site or a group.

        Each has value, lower, upper, unit, status and lineage; one without a value says why in `refused`.
        """
        with _in_words():
            found = pharos.values(
                indicator, city=city, start=start, end=end, period=period, site=site or (), group=group or ()
            )
            return figure_answers(list(found), address)

    def lineage(indicator: str, value_id: int) -> dict[str, Any]:
        """Return what stands behind one figure: its inputs, its factors with versions, and all its revisions."""
        with _in_words():
            return pharos.lineage_of(indicator, value_id)

    for tool in (list_cities, list_indicators, values, lineage):
        made.add_tool(tool, annotations=READING)
    return made


@contextmanager
def _own_log() -> Iterator[None]:
    """Keep the log of this process as it is: the library sets up one for all, unless there is one already."""
    kept = logging.NullHandler()
    logging.getLogger().addHandler(kept)
    yield
    logging.getLogger().removeHandler(kept)


@contextmanager
def _in_words() -> Iterator[None]:
    """Turn what is refused, or does not answer, into words for the assistant."""
    try:
        yield
    except (RefusedError, PharosError) as error:
        raise ToolError(str(error)) from error
    except httpx.HTTPError as error:
        raise ToolError(f"Pharos does not answer, so nothing can be said: {error}") from error
