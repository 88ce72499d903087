"""What given values say of a span of time: a mean of levels, a sum of amounts, with bounds and what is missing. Pure.

Spans are [start, end) in microseconds; validity is in civil days of the city. A level is weighted by the time it
holds. An amount is divided evenly by the civil day, however long the day is, and within a day by its time. How it was
divided nobody knows: a part of it may be nothing or the whole, and its bounds say so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum, inf
from typing import Final

from ingest.model.calendar import Period, day_of, day_start, following
from ingest.model.spans import FOREVER, Span, clip, difference, union
from ingest.wording import first_of
from kpi_engine.factors.factor import CalorificBasis
from kpi_engine.formulas.bounded import Bounded, added
from kpi_engine.statistics.catalogue import Statistic, StatisticKind
from kpi_engine.statistics.given import GivenValue
from kpi_engine.statistics.holding import OPEN_END, by_days, latest, overlaps

NAMED: Final = 3  # gaps or amounts spelt out before the rest is only counted


@dataclass(frozen=True)
class SpanValue:
    """The value of a statistic in a span, in ``unit`` and by ``calorific_basis``, from the values that were ``used``.

    ``missing`` says why there is no value, None where there is one; ``divided`` which amounts were cut.
    """

    amount: Bounded
    unit: str | None = None
    calorific_basis: CalorificBasis | None = None
    missing: str | None = None
    divided: str | None = None
    used: tuple[GivenValue, ...] = ()


@dataclass(frozen=True)
class _Piece:
    """What one value has to do with the spans: the parts of them in which it holds, and its whole time."""

    value: GivenValue
    inside: tuple[Span, ...]
    whole: Span


def over(statistic: Statistic, given: Sequence[GivenValue], spans: Sequence[Span], zone: str) -> SpanValue:
    """Return what ``given``, values of one statistic and subject in any order, say of ``spans``, which do not touch.

    Of values for the same days the latest revision counts.
    """
    values = latest(given)
    pieces = list(_pieces(values, spans, zone))
    used = tuple(piece.value for piece in pieces)
    units = {(value.canonical_unit, value.calorific_basis) for value in used}
    if len(units) > 1:
        all_units = " and ".join(sorted(f"{unit} ({basis})" if basis else unit for unit, basis in units))
        why = f"{statistic.name} is given in {all_units}; expected one of them"
        return SpanValue(Bounded(None), missing=why, used=used)
    if double := list(overlaps(used)):
        twice = first_of((f"{one.days_named} and {other.days_named}" for one, other in double), NAMED, "; ")
        return SpanValue(Bounded(None), missing=f"{statistic.name} counts days twice: {twice}", used=used)
    unit, basis = next(iter(units), (None, None))
    lacking = [] if used and statistic.kind is StatisticKind.ONE_OFF else _gaps(pieces, spans)
    missing = [f"no {statistic.name} from {_named(gap, zone)}" for gap in lacking]
    if statistic.kind is StatisticKind.LEVEL:
        amount, cut = _mean(pieces, is_known=not lacking), []
    else:
        cut = [piece for piece in pieces if _share(piece, zone) < 1.0]
        unknown = [Bounded(None, 0.0 if statistic.least >= 0.0 else -inf)] if lacking else []
        amount = added([*(_part(piece, zone) for piece in pieces), *unknown])
    divided = [f"{statistic.name} {piece.value.days_named}" for piece in cut]
    if statistic.kind is StatisticKind.ONE_OFF:
        missing += [f"{one} reaches beyond, and is never divided" for one in divided]
        divided = []
    return SpanValue(
        amount,
        unit,
        basis,
        first_of(missing, NAMED, "; ") or None,
        f"divided evenly by the day: {first_of(divided, NAMED)}" if divided else None,
        used,
    )


def _pieces(values: Sequence[GivenValue], spans: Sequence[Span], zone: str) -> Iterator[_Piece]:
    """Yield what holds within the spans: a level where no later one does, an amount in all of its days."""
    for held in by_days(values):
        whole = day_start(held.start, zone), FOREVER if held.end == OPEN_END else day_start(held.end, zone)
        if inside := tuple(part for span in spans for part in clip(span, [whole])):
            yield _Piece(held.value, inside, whole)


def _gaps(pieces: Sequence[_Piece], spans: Sequence[Span]) -> list[Span]:
    """Return the parts of the spans in which nothing holds."""
    known = union(part for piece in pieces for part in piece.inside)
    return [gap for span in spans for gap in difference(span, known)]


def _mean(pieces: Sequence[_Piece], *, is_known: bool) -> Bounded:
    """Return the mean of levels, weighted by the time that each holds; none where not all of the time is known."""
    if not is_known:
        return Bounded(None)
    weights = [fsum(end - start for start, end in piece.inside) for piece in pieces]
    whole = fsum(weights)
    return added(piece.value.bounded.scaled(weight / whole) for piece, weight in zip(pieces, weights, strict=True))


def _part(piece: _Piece, zone: str) -> Bounded:
    """Return what of an amount lies inside: all of it, or a part that may be nothing or the whole."""
    amount, share = piece.value.bounded, _share(piece, zone)
    if share == 1.0 or amount.value is None:
        return amount
    is_divided = piece.value.definition.kind is StatisticKind.FLOW
    value = amount.value * share if is_divided else None
    return Bounded(value, min(amount.lower, 0.0), max(amount.upper, 0.0))


def _share(piece: _Piece, zone: str) -> float:
    """Return the share of its days in which an amount lies inside; 1 where all of them do."""
    if union(piece.inside) == [piece.whole]:
        return 1.0
    inside = fsum(_days(part, zone) for part in piece.inside)
    return inside / _days(piece.whole, zone)


def _days(span: Span, zone: str) -> float:
    """Return the civil days of a span; a part of a day is its part of the day's time."""
    start, end = (_place(edge, zone) for edge in span)
    return end[0] - start[0] + (end[1] - start[1])


def _place(instant: int, zone: str) -> tuple[int, float]:
    """Return the day that holds an instant, as a number, and how much of the day lies before."""
    day = day_of(instant, zone)
    start = day_start(day, zone)
    past = instant - start
    return day.toordinal(), past / (following(start, Period.DAY, zone) - start) if past else 0.0


def _named(span: Span, zone: str) -> str:
    """Return a span by its days, the last of them included where it ends within it."""
    start, end = span
    last = day_of(end - 1, zone)
    after = date.fromordinal(last.toordinal() + 1)
    return f"{day_of(start, zone)} to {after}"
