"""What a report for evaluators leaves out, and why: what single households used, and what would tell of few of them.

The rule is the one that all answers obey (``kpi_engine.privacy.viewing``). A figure that would single out fewer
households than its city has decided is not in the report. One of enough of them is there with its bounds and with the
digest of its inputs, in place of what each household used. What is left out is told by subject, indicator and period; a
site of households is counted and not named.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from ingest.model.calendar import Period, day_start
from ingest.model.time import to_micros
from kpi_engine.baselines.declared import DeclaredBaseline
from kpi_engine.privacy.shown_figures import FORMER
from kpi_engine.privacy.viewing import NO_READINGS, AskedFigure, Viewing
from kpi_engine.reports.frozen import FrozenFigure
from kpi_engine.reports.frozen_savings import FrozenPart, FrozenSavings
from kpi_engine.reports.frozen_target import FrozenTarget
from kpi_engine.subjects.subject import SubjectName

WITHHELD: Final = "withheld"
"""The only key of inputs that are left out; it holds a sentence."""

NO_INPUTS: Final = (
    "households are behind this figure; what each of them used is for operators. inputs_hash is the digest of all of "
    "it, and the whole report has it"
)
NO_SAVINGS: Final = "a baseline of households is fitted to what they used day by day, which is for operators"
SITES: Final = "sites of households"


class Withheld(FrozenPart):
    """A line of ``withheld.jsonl``: what is not in the report (figure, inputs, saving, target), of whom, and why.

    ``periods``: labels of civil periods, none of a target or saving; ``count``: how many are left out.
    """

    what: str
    indicator: str
    subject: str
    periods: list[str]
    count: int
    why: str


def sentence(inputs: Mapping[str, Any]) -> str | None:
    """Return why inputs were left out; None where they were not."""
    note = inputs.get(WITHHELD)
    return note if isinstance(note, str) else None


@dataclass
class Withholding:
    """Takes out of a report what ``viewing`` does not show, and keeps what it took out."""

    viewing: Viewing
    _found: dict[tuple[str, str, str, str], tuple[dict[str, None], int]] = field(default_factory=dict, init=False)

    def figures(self, every: Iterable[FrozenFigure]) -> Iterator[FrozenFigure]:
        """Yield the figures that are shown; those with households behind them without what each used."""
        for one in every:
            name = SubjectName(one.city, one.site, one.group)
            span = to_micros(one.period_start), to_micros(one.period_end)
            if why := self.viewing.withheld(AskedFigure(name, one.kpi, Period(one.period), *span)):
                self._note("figure", one.kpi, name, one.label, why)
            elif self.viewing.has_households(name, one.kpi):
                self._note("inputs", one.kpi, name, one.label, NO_INPUTS)
                words = self.viewing.words(one.city, one.reason)
                yield one.model_copy(update={"inputs": {WITHHELD: NO_INPUTS}, "reason": words, "cause_detail": None})
            else:
                yield one

    def savings(self, every: Iterable[FrozenSavings], declared: Iterable[DeclaredBaseline]) -> Iterator[FrozenSavings]:
        """Yield what baselines say that are fitted to no household; ``declared``: all baselines of the city."""
        known = {one.id: one for one in declared}
        for saving in every:
            one = known[saving.id]
            kpi = one.declaration.energy.indicator
            has_households = kpi is None or self.viewing.has_households(one.subject, kpi)
            if self.viewing.of(one.city.name) is not None and has_households:
                self._note("saving", kpi or "energy", one.subject, "", NO_SAVINGS)
            else:
                yield saving

    def targets(self, every: Iterable[FrozenTarget], zone: str) -> Iterator[FrozenTarget]:
        """Yield the targets of which every figure is shown, and nothing that was known before."""
        for one in every:
            if why := self._of_target(one, zone):
                name = SubjectName(one.city, one.site, one.group)
                self._note("target", one.indicator, name, "", why)
            else:
                yield one

    def told(self) -> list[Withheld]:
        """Return what was taken out so far, by what it is, of whom, and why."""
        return [
            Withheld(what=what, indicator=indicator, subject=subject, periods=list(periods), count=count, why=why)
            for (what, indicator, subject, why), (periods, count) in self._found.items()
        ]

    def _of_target(self, one: FrozenTarget, zone: str) -> str | None:
        name = SubjectName(one.city, one.site, one.group)
        first = day_start(date(one.target.baseline.year, 1, 1), zone)
        span = AskedFigure(name, one.indicator, None, first, max(first + 1, day_start(one.today.replace(day=1), zone)))
        if why := self.viewing.withheld(span):
            return why
        if not self.viewing.has_households(name, one.indicator):
            return None
        if one.revisions:
            return FORMER
        told = [one.unfit, *([one.said.reason, *(year.reason for year in one.said.years)] if one.said else [])]
        is_plain = all(self.viewing.words(one.city, text) == text for text in told)
        return None if is_plain else NO_READINGS

    def _note(self, what: str, indicator: str, name: SubjectName, label: str, why: str) -> None:
        view = self.viewing.of(name.city)
        is_named = name.site is None or view is None or view.lists(name.site)
        subject = (name.site or name.group or name.city) if is_named else SITES
        periods, count = self._found.get((what, indicator, subject, why), ({}, 0))
        named = periods | ({label: None} if label else {})
        self._found[what, indicator, subject, why] = named, count + 1
