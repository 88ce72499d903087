"""Where indicators belong: the vertical each of them is about, and why a city has no figure of one."""

from functools import reduce
from typing import Any, Final

from ingest.model.sentences import Sentence
from ingest.model.vertical import Vertical
from ingest.model.verticals import VERTICALS
from kpi_engine.indicator import Indicator, Selection
from kpi_engine.indicators import quantities_of, read_by
from kpi_engine.subjects.subject import Subject

LACKING: Final = Sentence("no device of this city reports what it needs: {quantities}")
EITHER: Final = Sentence("{one}, or {other}")
UNKNOWN: Final = Sentence("nothing of it is known here")


def vertical(indicator: Indicator[Any]) -> str | None:
    """Return the one vertical an indicator is about; None where it is about several, and so about the city."""
    found = {name for selection in read_by(indicator) for name in _verticals(selection)}
    if not found:
        found = {name for port in indicator.ports for name in port.verticals}
    return found.pop() if len(found) == 1 else None


def missing(indicator: Indicator[Any], city: Subject | None) -> str | None:
    """Say why a city has no figure of an indicator at all; None where it has."""
    if city is not None and indicator in city.indicators:
        return None
    if unnamed := _unnamed(indicator, city):
        return Sentence("The city file names no {names}.").of(names=", nor ".join(unnamed))
    if unstated := _unstated(indicator, city):
        return Sentence("The city file does not state {facts} (facts).").of(facts=", ".join(unstated))
    quantities = ", ".join(quantities_of(indicator))
    reasons = [LACKING.of(quantities=quantities)] if quantities else []
    reasons += [port.lacking for port in indicator.ports if port.lacking]
    said = reduce(lambda one, other: EITHER.of(one=one, other=other), reasons or [UNKNOWN.of()])
    return f"{said[0].upper()}{said[1:]}."


def inputs(indicator: Indicator[Any]) -> list[str]:
    """Return what an indicator reads: quantities, and facts of the city file."""
    stated = (name for port in indicator.ports for name in port.stated)
    return list(dict.fromkeys((*quantities_of(indicator), *stated)))


def _unnamed(indicator: Indicator[Any], subject: Subject | None) -> list[str]:
    """Return what an indicator needs that the city file has to name, and does not."""
    if subject is None:
        return []
    every = (port.lacking_in(subject.city, indicator.carriers) for port in indicator.ports)
    return [one for one in every if one]


def _unstated(indicator: Indicator[Any], subject: Subject | None) -> list[str]:
    """Return the facts that an indicator needs and nobody in the city states."""
    if subject is None:
        return []
    facts = (*subject.city.facts, *(fact for site in subject.city.sites for fact in site.facts))
    stated = {fact.name for fact in facts}
    return [name for port in indicator.ports for name in port.needed_facts if name not in stated]


def _verticals(selection: Selection) -> set[str]:
    """Return the verticals whose devices a selection reads; without a limit, those that meter its carrier alone."""
    if selection.verticals:
        return set(selection.verticals)
    if selection.device_types:
        return {one.name for one in VERTICALS.values() if any(map(one.device_type, selection.device_types))}
    return {one.name for one in VERTICALS.values() if _carriers(one) == {selection.carrier}}


def _carriers(one: Vertical) -> set[str]:
    return {kind.carrier for kind in one.device_types if kind.carrier and not kind.is_auxiliary}
