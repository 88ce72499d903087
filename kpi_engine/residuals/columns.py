"""Residuals of many buckets at once, from the amounts of their members: pure, whole columns, NaN for what is not known.

Amounts in kWh (of volume m3, of volume times temperature m3.degC), times in microseconds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ingest.model.observation import FloatColumn, IntColumn
from ingest.wording import first_of
from kpi_engine.boundary.balancing import MAIN, PRODUCTION, SUPPLIED
from kpi_engine.families.volume_weighting import VOLUME
from kpi_engine.formulas.water import COLDEST, HOTTEST, heat_per_volumes
from kpi_engine.indicators.heat_meter_deviation import ENERGY, RETURN, SUPPLY
from kpi_engine.residuals.declared import CARRIED, BalanceMember, Residual
from kpi_engine.windows.stored_amounts import StoredAmounts

GOES_IN: Final = frozenset({MAIN, PRODUCTION, SUPPLIED})
_NAMED: Final = 3  # devices spelt out before the rest is only counted
NO_WATER: Final = f"expected supply and return from {COLDEST:g} to {HOTTEST:g} degC, the supply no colder"


@dataclass(frozen=True)
class Residuals:
    """Rows of one residual series: ``value`` and what it is relative to (``reference``), both NaN where not known.

    ``estimated``: how much of the members' amounts is an estimate, kWh; ``reasons``: why there is no value, by row.
    """

    bucket: IntColumn
    bucket_end: IntColumn
    value: FloatColumn
    reference: FloatColumn
    estimated: FloatColumn
    reasons: Mapping[int, str]


@dataclass(frozen=True)
class _Grid:
    """Members by buckets: ``total`` is 0 where a member does not count, ``stored`` whether anything is known of it."""

    total: npt.NDArray[np.float64]
    estimated: npt.NDArray[np.float64]
    stored: npt.NDArray[np.bool_]


NOTHING: Final = StoredAmounts()


def compute(one: Residual, edges: IntColumn, parts: IntColumn, known: Mapping[int, StoredAmounts]) -> Residuals:
    """Return the residuals of the buckets between ``edges`` in which anything is stored of a member.

    ``known`` are amounts by series in buckets between ``parts``, which refine ``edges``; a member counts in the parts
    that begin while it is valid. Amounts of parts add up before anything else is computed of them.
    """
    grid = _grid(one.members, parts, known, np.searchsorted(parts, edges[:-1]))
    rows = np.flatnonzero(grid.stored.any(axis=0))
    total, estimated = grid.total[:, rows], grid.estimated[:, rows]
    amounts = _carried if one.quantity == CARRIED else _sides
    value, reference = amounts(one.members, total)
    refused = _refused(one, edges[:-1][rows], edges[1:][rows])
    value[list(refused)] = np.nan
    missing = np.flatnonzero(np.isnan(value)).tolist()
    reasons = {row: refused.get(row) or _reason(one.members, total[:, row]) for row in missing}
    counts = [member.quantity == ENERGY or one.quantity != CARRIED for member in one.members]
    unknown = np.isnan(value)
    return Residuals(
        bucket=edges[:-1][rows],
        bucket_end=edges[1:][rows],
        value=value,
        reference=np.where(unknown, np.nan, reference),
        estimated=np.where(unknown, 0.0, estimated[counts].sum(axis=0)),
        reasons=reasons,
    )


def _refused(one: Residual, begin: IntColumn, end: IntColumn) -> dict[int, str]:
    """Return why there is no value whatever the meters say, by row."""
    return {
        row: refusal.reason
        for refusal in reversed(one.refusals)  # the first of them is told
        for row in np.flatnonzero((begin < refusal.end) & (refusal.start < end)).tolist()
    }


def _grid(
    members: Sequence[BalanceMember], parts: IntColumn, known: Mapping[int, StoredAmounts], begins: IntColumn
) -> _Grid:
    """Place the amounts of each member, added up from the parts that begin at the rows ``begins``."""
    shape = len(members), len(parts) - 1
    total, estimated, stored = np.zeros(shape), np.zeros(shape), np.zeros(shape, np.bool_)
    for row, member in enumerate(members):
        of = known.get(member.series_id, NOTHING)
        total[row], estimated[row], stored[row] = of.counted(parts, member.valid_from, member.valid_to)
    return _Grid(
        np.add.reduceat(total, begins, axis=1),
        np.add.reduceat(estimated, begins, axis=1),
        np.logical_or.reduceat(stored, begins, axis=1),
    )


def _sides(members: Sequence[BalanceMember], total: npt.NDArray[np.float64]) -> tuple[FloatColumn, FloatColumn]:
    """Return what goes in less what comes out, and what goes in."""
    goes_in = np.array([member.role in GOES_IN for member in members])
    inward = total[goes_in].sum(axis=0)
    return inward - total[~goes_in].sum(axis=0), inward


def _carried(members: Sequence[BalanceMember], total: npt.NDArray[np.float64]) -> tuple[FloatColumn, FloatColumn]:
    """Return the heat counted less the heat that the water carried, and the latter; no water carries none."""
    by_quantity = {member.quantity: total[row] for row, member in enumerate(members)}
    volume, warm, cold = (by_quantity[name] for name in (VOLUME, SUPPLY, RETURN))
    divisor = np.where(volume > 0.0, volume, np.nan)
    heat = heat_per_volumes(warm / divisor, cold / divisor) * volume
    carried = np.where((volume == 0.0) & ~np.isnan(warm + cold), 0.0, heat)
    return by_quantity[ENERGY] - carried, carried


def _reason(members: Sequence[BalanceMember], total: FloatColumn) -> str:
    """Say of which devices the amount is not known from edge to edge."""
    names = list(dict.fromkeys(one.device for one, amount in zip(members, total, strict=True) if np.isnan(amount)))
    if not names:
        return NO_WATER
    return f"not known from edge to edge: {first_of(names, _NAMED)}"
