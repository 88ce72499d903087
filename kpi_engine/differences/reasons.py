"""Why two statements of a figure differ: rules, factors, how far its period had come, inputs, and what was noted."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kpi_engine.export.figures import factor_words
from kpi_engine.figures.store import KnownFigure
from kpi_engine.reports.frozen import FrozenFigure

Inputs = Mapping[str, Any]


Statement = KnownFigure | FrozenFigure
"""What is said of a figure, by the store or by a report."""


def says_alike(one: Statement, other: Statement) -> bool:
    """Whether both say the same, however they came to it."""
    return _published(one) == _published(other)


def reasons(before: Statement, after: Statement, inputs: tuple[Inputs, Inputs]) -> Iterator[str]:
    """Yield in words why a figure moved; ``inputs`` of both."""
    if before.rule_version != after.rule_version:
        yield f"rules {after.rule_version} instead of {before.rule_version}"
    was, now = (list(map(factor_words, figure.factors)) for figure in (before, after))
    if was != now:
        yield f"factors {', '.join(now) or 'none'} instead of {', '.join(was) or 'none'}"
    if before.through != after.through:
        yield f"computed through {after.through:%Y-%m-%d %H:%M}Z instead of {before.through:%Y-%m-%d %H:%M}Z"
    if moved := sorted(_moved(*inputs)):
        yield f"other inputs: {', '.join(moved)}"


def revised(alike: Sequence[Statement]) -> str:
    """Return in words which revisions some are that follow each other for one cause, and what moved by the last one."""
    first, last = alike[0], alike[-1]
    numbers = f"revision {last.revision}" if len(alike) == 1 else f"revisions {first.revision} to {last.revision}"
    return f"{numbers}: {': '.join(filter(None, (last.cause, last.cause_detail)))}"


def _published(one: Statement) -> tuple[Any, ...]:
    return one.value, one.lower, one.upper, one.unit, one.coverage, one.status, one.reason


def _moved(before: Inputs, after: Inputs) -> Iterator[str]:
    """Yield which inputs are others; of meters and devices which of them."""
    for key in before.keys() | after.keys():
        was, now = before.get(key), after.get(key)
        if was == now:
            continue
        parts, others = _by_name(was), _by_name(now)
        names = sorted(name for name in parts.keys() | others.keys() if parts.get(name) != others.get(name))
        yield f"{key} of {', '.join(names)}" if names else key


def _by_name(part: object) -> dict[str, object]:
    """Return the parts of a list by the meters or devices that they are of; nothing where it has none."""
    if not isinstance(part, list):
        return {}
    named = ((one.get("meter") or one.get("device"), one) for one in part if isinstance(one, dict))
    return {name: one for name, one in named if isinstance(name, str)}
