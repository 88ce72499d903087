"""A city's flows of one carrier as ribbons that add up [kWh]. Pure.

Heat: plants feed the network; what the topmost meters of consumers did not count is lost, or not metered. Electricity:
the grid is what the topmost meters counted, the sun what inverters did; what is produced and fed in at no meter is used
where it is produced. Each topmost meter stands for the vertical of its site; what charging points below it counted is
taken out of it. A meter without an amount is in no ribbon and said: it is a part of what is not metered.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import floor, fsum, isfinite, log10
from typing import Final

import numpy as np

from ingest.model.sentences import Sentence
from ingest.wording import first_of
from kpi_engine.evidence.amounts import (
    MeterAmounts,
    bounded,
    chosen,
    coverage,
    estimated_share,
    known,
    names_of,
    reason,
)
from kpi_engine.flows.metered import MeteredCarrier, MeterPlace
from kpi_engine.flows.ribbon import FlowNode, Ribbon
from kpi_engine.formulas.bounded import Bounded, added

HEAT, ELECTRICITY, CHARGING = "heat", "electricity", "ev_charging"
NETWORKS: Final = {HEAT: Sentence("Heat network").of(), ELECTRICITY: Sentence("Electricity").of()}
DIGITS: Final = 4  # decimal places of the largest amount that are shown after its first digit
FINEST: Final = -3  # as a power of ten: a watt hour
MOST_SOURCES: Final = 8
NAMED: Final = 3
LOST: Final = FlowNode("heat-unknown", Sentence("Lost, or not metered").of(), "use")
UNSUPPLIED: Final = FlowNode("heat-unmetered", Sentence("Not metered supply").of(), "source")
USED_THERE: Final = FlowNode("electricity-unknown", Sentence("Used where it is produced, or not metered").of(), "use")
UNPRODUCED: Final = FlowNode("electricity-unmetered", Sentence("Not metered production").of(), "source")
GRID: Final = FlowNode("grid", Sentence("Grid").of(), "source")
SUN: Final = FlowNode("sun", Sentence("Sun").of(), "source")
OTHERS: Final = FlowNode("producers", Sentence("Other producers").of(), "source")
FED_IN: Final = FlowNode("fed-in", Sentence("Fed into the grid").of(), "use")
NOTHING_LEFT: Final = Sentence(
    "{what}: by its bounds it may be nothing at all, since it is a difference of amounts that are not known exactly"
)
MORE_USED: Final = Sentence("more was counted at consumers than plants supplied")
MORE_FED_IN: Final = Sentence("more was fed into the grid than was produced")
SURELY_WRONG: Final = Sentence(
    "{what}, by at least {least} kWh whatever the gaps held: a meter is missing on one side, or is wrong"
)
PERHAPS_WRONG: Final = Sentence("{what}, but by no more than what is not known exactly")
SILENT_PRODUCERS: Final = Sentence("{count} of {all} producers have no amount and are in no ribbon: {names}")
SILENT_CONSUMERS: Final = Sentence("{count} of {all} meters of consumers have no amount and are in no ribbon: {names}")
PLACELESS: Final = MeterPlace("", "", "")


@dataclass(frozen=True)
class CarrierPicture:
    """The ribbons of one carrier, and what is to be said of them. ``refused``: why there are none."""

    carrier: str
    ribbons: Sequence[Ribbon] = ()
    notes: Sequence[str] = ()
    refused: str | None = None


@dataclass
class _Drawing:
    """Ribbons of one carrier in the making."""

    metered: MeteredCarrier
    titles: Mapping[str, str]
    ribbons: list[Ribbon] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def network(self) -> FlowNode:
        """The node that they meet in."""
        return FlowNode(self.metered.carrier, NETWORKS[self.metered.carrier], "network")

    def place(self, name: str) -> MeterPlace:
        """Return where a meter stands."""
        return self.metered.places.get(name, PLACELESS)

    def use(self, vertical: str) -> FlowNode:
        """Return the node of what a vertical uses."""
        return FlowNode(vertical, self.titles.get(vertical, vertical), "use")

    def ribbon(
        self, source: FlowNode, target: FlowNode, entries: MeterAmounts, kpis: Sequence[str], less: MeterAmounts = ()
    ) -> Ribbon | None:
        """Return what ``entries`` counted, ``less`` what others of them did; None where there are none."""
        if not len(entries):
            return None
        counted = _known(entries)
        amount = bounded(counted) if len(counted) else Bounded(None)
        if len(less):
            taken = bounded(less)
            value = None if amount.value is None else fsum((amount.value, -(taken.value or 0.0)))
            amount = added((amount, taken.scaled(-1.0))).with_value(value)
        return Ribbon(
            self.metered.carrier,
            source,
            target,
            amount,
            coverage(entries, less),
            estimated_share(counted, less) if len(counted) else None,
            len(entries),
            len(counted),
            kpis,
            reason(entries),
        )

    def add(self, ribbon: Ribbon | None) -> None:
        """Add a ribbon, if there is one."""
        if ribbon is not None:
            self.ribbons.append(ribbon)


def picture(metered: MeteredCarrier, titles: Mapping[str, str], resolution: float) -> CarrierPicture:
    """Return the ribbons of a carrier, rounded to ``resolution`` [kWh] so that its network neither gains nor loses.

    ``titles``: of verticals, by name.
    """
    if metered.refused:
        return CarrierPicture(metered.carrier, refused=metered.refused)
    drawing = _Drawing(metered, titles)
    into = _rounded(_supplied(drawing, MOST_SOURCES) if metered.carrier == HEAT else _produced(drawing), resolution)
    out = _rounded(_consumed(drawing), resolution)
    drawing.ribbons = [*into, *out]
    if metered.carrier == ELECTRICITY and out:
        drawing.ribbons.insert(0, _grid(drawing, out))
    if drawing.ribbons:
        _close(drawing, resolution)
        _say_what_is_unknown(drawing)
    shown = tuple(one.forwards() for one in drawing.ribbons)
    return CarrierPicture(metered.carrier, shown, tuple(drawing.notes))


def resolution_of(every: Sequence[MeteredCarrier]) -> float:
    """Return to what the amounts of a picture are rounded [kWh]: a power of ten, five digits of the largest one."""
    sums = [fsum(known(_known(of))) for one in every for of in (one.produced, one.consumed) if len(of)]
    largest = max((abs(one) for one in sums if isfinite(one)), default=0.0)
    return 10.0 ** (FINEST if largest <= 0.0 else max(FINEST, floor(log10(largest)) - DIGITS))


def _supplied(drawing: _Drawing, most: int) -> list[Ribbon]:
    """Return what each site with plants feeds in; the smaller ones together where there are many."""
    produced = drawing.metered.produced
    sites = _grouped(produced, lambda name: drawing.place(name).site)
    titles = {drawing.place(name).site: drawing.place(name).site_title for name in names_of(produced)}
    order = sorted(sites, key=lambda site: -(bounded(_known(sites[site])).value or 0.0))
    alone = order if len(order) <= most else order[: most - 1]
    found = [
        drawing.ribbon(FlowNode(f"plant-{one}", titles[one], "source"), drawing.network, sites[one], ("heat_produced",))
        for one in alone
    ]
    if rest := set(order) - set(alone):
        node = FlowNode("plants", Sentence("{count} other plants").of(count=len(rest)), "source")
        entries = _those(produced, lambda name: drawing.place(name).site in rest)
        found.append(drawing.ribbon(node, drawing.network, entries, ("heat_produced",)))
    return [one for one in found if one is not None]


def _produced(drawing: _Drawing) -> list[Ribbon]:
    """Return what the sun and other producers give, and what of it is fed into the grid."""
    produced = drawing.metered.produced
    inside = _those(produced, lambda name: not drawing.place(name).is_feed_in)
    sun = _those(inside, lambda name: drawing.place(name).is_sun)
    other = _those(inside, lambda name: not drawing.place(name).is_sun)
    fed_in = _those(produced, lambda name: drawing.place(name).is_feed_in)
    every = (
        drawing.ribbon(SUN, drawing.network, sun, ("pv_specific_yield", "pv_self_consumption")),
        drawing.ribbon(OTHERS, drawing.network, other, ()),
        drawing.ribbon(drawing.network, FED_IN, fed_in, ("pv_self_consumption",)),
    )
    return [one for one in every if one is not None]


def _consumed(drawing: _Drawing) -> list[Ribbon]:
    """Return what the topmost meters of each vertical counted, less what charging points below them did."""
    metered = drawing.metered
    is_heat = metered.carrier == HEAT
    kpis = ("heat_delivered",) if is_heat else ("electricity_delivered",)
    verticals = _grouped(metered.consumed, lambda name: _vertical(drawing.place(name)))
    carved = _those(_known(metered.charged), lambda name: _is_carved(drawing, name))
    below = _grouped(carved, lambda name: _vertical(drawing.place(drawing.place(name).above or "")))
    found = []
    for vertical in sorted(verticals):
        if vertical != CHARGING:
            less = below.get(vertical, ())
            of = (*kpis, "ev_charging_energy") if len(less) else kpis
            found.append(drawing.ribbon(drawing.network, drawing.use(vertical), verticals[vertical], of, less))
    charging = [one for one in (verticals.get(CHARGING, ()), carved) if len(one)]
    if charging:
        of = ("ev_charging_energy", *kpis)
        together = tuple(entry for entries in charging for entry in entries) if len(charging) > 1 else charging[0]
        found.append(drawing.ribbon(drawing.network, drawing.use(CHARGING), together, of))
    return [one for one in found if one is not None]


def _grid(drawing: _Drawing, out: Sequence[Ribbon]) -> Ribbon:
    """Return what came from the grid: all that the topmost meters counted, in the steps of their own ribbons."""
    whole = drawing.ribbon(GRID, drawing.network, drawing.metered.consumed, ("electricity_delivered",))
    assert whole is not None  # noqa: S101 - there are ribbons of the same meters
    return replace(whole, shown=sum(one.shown for one in out))


def _close(drawing: _Drawing, resolution: float) -> None:
    """Add what is left over, so that the network gets what it gives; say where that cannot be."""
    is_heat = drawing.metered.carrier == HEAT
    into = [one for one in drawing.ribbons if one.target == drawing.network]
    out = [one for one in drawing.ribbons if one.source == drawing.network]
    shown = sum(one.shown for one in into) - sum(one.shown for one in out)
    # The grid is the sum of the uses, so both leave nothing over, and none of their bounds.
    own = [
        one for one in drawing.ribbons if is_heat or {one.source.key, one.target.key} & {"sun", "producers", "fed-in"}
    ]
    terms = [one.amount if one.target == drawing.network else one.amount.scaled(-1.0) for one in own if one.known]
    left = added(terms) if terms else Bounded.exact(0.0)
    if shown == 0 and left.value in {0.0, None}:
        return
    unknown, missing = (LOST, UNSUPPLIED) if is_heat else (USED_THERE, UNPRODUCED)
    kpis = ("network_heat_loss", "heat_produced", "heat_delivered") if is_heat else ("pv_self_consumption",)
    covered = [one.coverage for one in own]
    residual = Ribbon(
        drawing.metered.carrier,
        drawing.network,
        unknown,
        left,
        min(covered, default=0.0),
        None,
        sum(one.meters for one in own),
        sum(one.known for one in own),
        kpis,
        is_residual=True,
        shown=shown,
    )
    if shown < 0:
        residual = replace(residual, source=missing, target=drawing.network, amount=left.scaled(-1.0), shown=-shown)
        drawing.notes.append(_contradiction(drawing.metered, left, resolution))
    elif left.lower < 0.0 < left.upper:
        drawing.notes.append(NOTHING_LEFT.of(what=unknown.title))
    drawing.ribbons.append(residual)


def _contradiction(metered: MeteredCarrier, left: Bounded, resolution: float) -> str:
    if not len(metered.produced):
        return Sentence("no plant is metered, so where the heat comes from is not known").of()
    if len(_known(metered.produced)) < len(metered.produced):
        return Sentence("what is not metered is, in part or whole, of producers without an amount").of()
    what = (MORE_FED_IN if metered.carrier == ELECTRICITY else MORE_USED).of()
    if left.upper < 0.0:
        least = round(-left.upper / resolution) * resolution
        return SURELY_WRONG.of(what=what, least=f"{least:,.6g}")
    return PERHAPS_WRONG.of(what=what)


def _say_what_is_unknown(drawing: _Drawing) -> None:
    metered = drawing.metered
    for entries, told in ((metered.produced, SILENT_PRODUCERS), (metered.consumed, SILENT_CONSUMERS)):
        silent = [name for name, value in zip(names_of(entries), known(entries), strict=True) if np.isnan(value)]
        if silent:
            names = first_of(silent, NAMED, ", ")
            drawing.notes.append(told.of(count=len(silent), all=len(entries), names=names))


def _rounded(ribbons: Sequence[Ribbon], resolution: float) -> list[Ribbon]:
    return [replace(one, shown=round((one.amount.value or 0.0) / resolution)) for one in ribbons]


def _vertical(place: MeterPlace) -> str:
    return CHARGING if place.is_charger else place.vertical


def _is_carved(drawing: _Drawing, charger: str) -> bool:
    """Whether a charging point stands below a meter of another vertical, whose amount is known."""
    above = drawing.place(charger).above
    if above is None or _vertical(drawing.place(above)) == CHARGING:
        return False
    return above in set(names_of(_known(drawing.metered.consumed)))


def _known(entries: MeterAmounts) -> MeterAmounts:
    return chosen(entries, [bool(one) for one in ~np.isnan(known(entries))]) if len(entries) else ()


def _those(entries: MeterAmounts, is_meant: Callable[[str], bool]) -> MeterAmounts:
    return chosen(entries, [is_meant(name) for name in names_of(entries)]) if len(entries) else ()


def _grouped(entries: MeterAmounts, key: Callable[[str], str]) -> dict[str, MeterAmounts]:
    """Return the entries of each key, in the order in which keys come first."""
    keys = [key(name) for name in names_of(entries)]
    return {one: chosen(entries, [of == one for of in keys]) for one in dict.fromkeys(keys)}
