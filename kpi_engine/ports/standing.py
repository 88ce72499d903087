"""The devices of a subject that report a quantity, and from when to when each stands."""

from typing import TYPE_CHECKING, NamedTuple

from kpi_engine.indicator import Selection

if TYPE_CHECKING:
    from kpi_engine.ports.port import PortScope


class StandingSeries(NamedTuple):
    """A series of a device that stands in [valid_from, valid_to)."""

    device: str
    site: str
    series_id: int
    valid_from: int
    valid_to: int

    def clip(self, start: int, end: int) -> tuple[int, int]:
        """Return the part of [start, end) in which it stands; empty where it ends before it begins."""
        return max(start, self.valid_from), min(end, self.valid_to)

    def stands(self, start: int, end: int) -> bool:
        """Whether it stands in a part of [start, end)."""
        first, last = self.clip(start, end)
        return first < last


def standing(scope: "PortScope", one: Selection) -> tuple[StandingSeries, ...]:
    """Return who reports the only quantity of a selection, in the order of their names."""
    (quantity,) = one.quantities
    return tuple(
        StandingSeries(d.name, d.site, scope.series[d.name][quantity].series_id, *scope.topology.validity(d))
        for d in sorted(scope.devices, key=lambda d: d.name)
        if scope.topology.is_chosen(d, one)
    )
