"""Windows for many figures at once: rollups in, meters, stretches and hours out, whatever the number of figures."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Final

from ingest.model.spans import FOREVER
from ingest.model.time import isoformat
from kpi_engine.evidence.findings import Findings, findings
from kpi_engine.factors.boundaries import refusal
from kpi_engine.factors.years import of_other_years
from kpi_engine.indicators import INDICATORS
from kpi_engine.ports.metric import MetricFigure, MetricInput
from kpi_engine.ports.port import Found
from kpi_engine.ports.stored_keys import FigureKeyOfSpan
from kpi_engine.subjects.subject import SubjectName
from kpi_engine.window import Meter, Window
from kpi_engine.windows.before_silence import BeforeSilence
from kpi_engine.windows.memory import EngineMemory
from kpi_engine.windows.meter_columns import KnownMeters
from kpi_engine.windows.missing_meters import complete_fleets
from kpi_engine.windows.parts import Cutting
from kpi_engine.windows.plan import ComputingPlan, Request, plan
from kpi_engine.windows.plan import rollups as rollups_of
from kpi_engine.windows.rollup_tables import read_tables
from kpi_engine.windows.rollups import read_rollups
from kpi_engine.windows.stored_inputs import read
from processors.storage.database import Connection

FIGURES_AT_ONCE: Final = 200  # of those that others take: memory is bounded

Given = dict[tuple[int, int, int], Any]  # by a bound port, while it lives, and [start, end)


def load(connection: Connection, requests: Sequence[Request], memory: EngineMemory | None = None) -> list[Window]:
    """Return a window for each request, in their order.

    What is in ``memory`` is not read again, and what is read is added to it.
    """
    cutting = Cutting()
    plans = [plan(request, cutting) for request in requests]
    rollups = read_rollups(connection, rollups_of(plans))
    known = KnownMeters(rollups, read_tables(connection, cutting.read()))
    asked = {key for planned in plans for key in planned.stored_keys}
    stored: dict[Hashable, Any] = dict(read(connection, asked, memory.groups if memory else None))
    if wanted := _figures_taken(plans):
        stored |= _figures(connection, wanted, memory)
    meters = [[known.meters(parts) for parts in planned.every] for planned in plans]
    windows = [_window(*one) for one in zip(plans, meters, strict=True)]
    given: Given = {}
    windows = [
        _with_ports(window, planned.request, stored, given) for planned, window in zip(plans, windows, strict=True)
    ]
    complete = complete_fleets(connection, plans, windows, meters, memory.before if memory else BeforeSilence())
    return [_with_factors(window, request) for window, request in zip(complete, requests, strict=True)]


def _figures_taken(plans: Sequence[ComputingPlan]) -> dict[FigureKeyOfSpan, Request]:
    """Return the figures that windows take, with what it takes to compute each of them."""
    found: dict[FigureKeyOfSpan, Request] = {}
    for planned in plans:
        for key in planned.stored_keys:
            if isinstance(key, FigureKeyOfSpan) and key not in found:
                kpi, city, site, group, start, end = key
                owner = planned.request.subject.fellows[SubjectName(city, site, group)]
                found[key] = Request(owner, start, end, INDICATORS[kpi])
    return found


def _figures(
    connection: Connection, wanted: Mapping[FigureKeyOfSpan, Request], memory: EngineMemory | None
) -> dict[Hashable, MetricFigure]:
    """Return the figures that are wanted; those that are not known yet are computed, and then they are."""
    figures = memory.figures if memory else {}
    missing = [(key, one) for key, one in wanted.items() if key not in figures]
    for first in range(0, len(missing), FIGURES_AT_ONCE):
        portion = missing[first : first + FIGURES_AT_ONCE]
        windows = load(connection, [one for _, one in portion], memory)
        for (key, one), window in zip(portion, windows, strict=True):
            figures[key] = metric_figure(one, window)
    return {key: figures[key] for key in wanted}


def metric_figure(request: Request, window: Window, found: Findings | None = None) -> MetricFigure:
    """Return a figure as others take it, from the window of it; ``found``: what was found in that before."""
    rule, owner = request.indicator, request.subject.name
    found = found or findings(rule, window, rule.select(window))
    start, end = isoformat(window.start), isoformat(window.end)
    return MetricFigure(
        MetricInput(
            kpi=rule.name,
            of=str(owner),
            start=start,
            end=end,
            **vars(found.outcome),
            inputs_hash=found.inputs_hash,
            rule_version=rule.rule_version,
        ),
        tuple(found.factors),
        window.reach(),
    )


def _window(planned: ComputingPlan, meters: Sequence[Sequence[Meter]]) -> Window:
    request, (whole, *others) = planned.request, meters
    cut = iter(others)
    counts = request.subject.meter_set(request.indicator)
    return Window(
        request.start,
        request.end,
        whole,
        counts.refused(request.start, request.end),
        ports={one.port: one.bound.made(one.cuts, list(islice(cut, len(one.cuts)))) for one in planned.ports},
    )


def _with_ports(window: Window, request: Request, stored: Found, given: Given) -> Window:
    """Return a window with what the ports of its indicator give; what is ``given`` is taken, and added to.

    Indicators of a subject that declare the same port share it, and what it gives.
    """
    ports = request.subject.ports_by_kind(request.indicator)
    if not (ports.reading or ports.refusing):
        return window
    span = window.start, window.end
    for _, bound in ports.reading:
        if (id(bound), *span) not in given:
            given[id(bound), *span] = bound.given(*span, stored)
    refusals = (bound.refused(*span) for bound in ports.refusing)
    reaches = [one.reach for bound in ports.beside for one in given[id(bound), *span]]
    return replace(
        window,
        refused=window.refused or next((why for why in refusals if why), None),
        figures_reach=None if None in reaches else min([FOREVER, *(one for one in reaches if one is not None)]),
        ports={
            **window.ports,
            **{port: given[id(bound), *span] for port, bound in ports.reading},
        },
    )


def _with_factors(window: Window, request: Request) -> Window:
    """Say what there is to say of the factors by which something was counted."""
    used = [one for port, given in window.ports.items() for one in port.applied(given)]
    refused = window.refused or refusal(request.subject.city, (factor for factor, *_ in used))
    years = tuple(of_other_years(used, request.subject.zone))
    if refused == window.refused and not years:
        return window
    return replace(window, refused=refused, notes=(*window.notes, *years))
