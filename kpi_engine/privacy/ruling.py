"""The rule of a city with households: which figures evaluators see together, whatever sums of them somebody makes.

Every stream, which is one quantity of one carrier in one direction, is judged by itself with the figures of all
subjects that rest on it; a figure is shown where all its streams may be. So sums over different indicators tell nothing
more either: each of their streams would have to tell it. Of what changes within a month, each stretch is a part of its
own. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from ingest.model.city.assets import City
from ingest.model.city.disclosure import Parts, visible
from ingest.model.city.households import Days, Households, epochs, parts
from kpi_engine.privacy.readings import Behind, ReadingsOfFigures
from kpi_engine.subjects.subject import Subject, SubjectName


@dataclass(frozen=True)
class SeenFigure:
    """Of whom a figure was that evaluators may have seen on ``days``: households, how many, and their days."""

    stream: str
    days: Days
    of: tuple[tuple[str, int, Days], ...]


@dataclass(frozen=True)
class RuledFigures:
    """On ``days``, the indicators of a subject without households, and those that are shown by the month."""

    subject: SubjectName
    days: Days
    anytime: tuple[str, ...]
    months: tuple[str, ...]


@dataclass(frozen=True)
class Ruling:
    """What evaluators see of a city: the sites whose series they do not, figures, and of whom these are."""

    household_sites: frozenset[str]
    figures: tuple[RuledFigures, ...]
    seen: tuple[SeenFigure, ...]


@dataclass(frozen=True)
class AskedRuling:
    """A city with its subjects, and what of it evaluators may have seen before."""

    city: City
    subjects: Sequence[Subject]
    names: Mapping[int, str]
    before: Sequence[SeenFigure] = ()
    behind: Mapping[tuple[SubjectName, str], Mapping[str, Behind]] = field(init=False)

    def __post_init__(self) -> None:
        readings = ReadingsOfFigures(Households(self.city), self.names)
        behind = {
            (subject.name, kpi): readings.behind(subject, kpi)
            for subject in self.subjects
            for kpi in subject.meter_sets
        }
        object.__setattr__(self, "behind", behind)

    @property
    def digest(self) -> str:
        """What changes whenever the ruling may."""
        households = Households(self.city)
        said = sorted(
            (str(key), sorted((stream, sorted(who)) for stream, who in of.items())) for key, of in self.behind.items()
        )
        weights = sorted(households.weights.items())
        return sha256(repr((said, weights, households.minimum, sorted(households.sites))).encode()).hexdigest()


def ruling(asked: AskedRuling) -> Ruling:
    """Return what evaluators see of a city."""
    households = Households(asked.city)
    weights = dict(households.weights)
    for one in asked.before:
        for name, count, _ in one.of:
            weights.setdefault(name, count)
    figures: list[RuledFigures] = []
    seen: list[SeenFigure] = []
    for within, changes in epochs(asked.city, _days(asked.before)):
        judged = _Judged(asked, weights, households.minimum, within, changes)
        figures += judged.figures()
        seen += judged.seen()
    return Ruling(households.sites, tuple(_joined(figures)), tuple(seen))


@dataclass
class _Judged:
    """The figures of one epoch, judged stream by stream."""

    asked: AskedRuling
    weights: Mapping[str, int]
    minimum: int
    within: Days
    changes: tuple[date, ...]
    shown: dict[str, dict[Parts, Behind]] = field(init=False)

    def __post_init__(self) -> None:
        candidates: dict[str, dict[Parts, tuple[SubjectName, Behind]]] = {}
        for (name, _), streams in self.asked.behind.items():
            for stream, who in streams.items():
                if (figure := self._parts(who)) and figure not in candidates.setdefault(stream, {}):
                    candidates[stream][figure] = name, who
        self.shown = {}
        for stream, found in candidates.items():
            ranked = sorted(found, key=lambda one, of=found: self._rank(one, of[one][0]))  # type: ignore[misc]
            before = [self._before(one) for one in self.asked.before if one.stream == stream and self._meets(one.days)]
            allowed = visible({one: one for one in ranked}, self.weights, self.minimum, [one for one in before if one])
            self.shown[stream] = {one: found[one][1] for one in ranked if one in allowed}

    def figures(self) -> list[RuledFigures]:
        """Return what is shown of each subject."""
        found: dict[SubjectName, tuple[list[str], list[str]]] = {}
        for (name, kpi), streams in self.asked.behind.items():
            anytime, months = found.setdefault(name, ([], []))
            figures = {stream: figure for stream, who in streams.items() if (figure := self._parts(who))}
            if not figures:
                anytime.append(kpi)
            elif all(figure in self.shown[stream] for stream, figure in figures.items()):
                months.append(kpi)
        return [
            RuledFigures(name, self.within, tuple(sorted(anytime)), tuple(sorted(months)))
            for name, (anytime, months) in found.items()
        ]

    def seen(self) -> list[SeenFigure]:
        """Return of whom the figures are that are shown."""
        return [
            SeenFigure(stream, self.within, tuple(sorted((name, self.weights[name], days) for name, days in who)))
            for stream, found in self.shown.items()
            for who in found.values()
        ]

    def _parts(self, who: Behind) -> Parts:
        found: set[tuple[str, int]] = set()
        for name, days in who:
            found |= parts(frozenset({name}), days, self.within, self.changes)
        return frozenset(found)

    def _before(self, one: SeenFigure) -> Parts:
        return self._parts(frozenset((name, days) for name, _, days in one.of))

    def _meets(self, days: Days) -> bool:
        return max(days[0], self.within[0]) < min(days[1], self.within[1])

    def _rank(self, figure: Parts, name: SubjectName) -> tuple[object, ...]:
        """Cities before groups, groups before sites; of these the larger ones first."""
        count = sum(self.weights[one] for one in {one for one, _ in figure})
        return name.site is not None, name.group is not None, -count, sorted(figure)


def _days(before: Sequence[SeenFigure]) -> set[date]:
    """Return the days on which something changed in what was seen."""
    edges = {day for one in before for day in one.days}
    return edges | {day for one in before for _, _, days in one.of for day in days}


def _joined(figures: Sequence[RuledFigures]) -> list[RuledFigures]:
    """Return rules of subjects, those that follow each other and say the same as one."""
    found: dict[SubjectName, list[RuledFigures]] = {}
    for one in figures:
        of_subject = found.setdefault(one.subject, [])
        last = of_subject[-1] if of_subject else None
        if last and last.days[1] == one.days[0] and (last.anytime, last.months) == (one.anytime, one.months):
            of_subject[-1] = RuledFigures(one.subject, (last.days[0], one.days[1]), one.anytime, one.months)
        else:
            of_subject.append(one)
    return [one for every in found.values() for one in every]
