"""What a table of statistics adds to what was given before: checked as a whole, and taken whole or not at all. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.model.city.assets import City
from ingest.model.declarations.expected import found, one_of
from ingest.wording import first_of
from kpi_engine.errors import StatisticError
from kpi_engine.statistics.given import GivenValue, Key, StoredValue, Topic
from kpi_engine.statistics.holding import latest, overlaps
from kpi_engine.statistics.statistics_file import Placed
from kpi_engine.table_rows import MOST_FAULTS


@dataclass(frozen=True)
class ImportPlan:
    """What of a table is ``new``, how much of it was ``known`` already, and how much somebody had ``withdrawn``.

    ``standing``: what stood before, for the same cities.
    """

    standing: tuple[GivenValue, ...]
    new: tuple[GivenValue, ...]
    known: int
    withdrawn: int


def plan(cities: Mapping[str, City], stored: Sequence[StoredValue], given: Iterable[Placed]) -> ImportPlan:
    """Return what is new of ``given``; raises StatisticError with each value that cannot stand beside the others.

    ``stored``: every value of the cities in it, withdrawn ones too. What was withdrawn stays so.
    """
    sites = {name: {site.name for site in city.sites} for name, city in cities.items()}
    standing = {one.given.key: one for one in stored if one.withdrawn_at is None}
    withdrawn = {one.given for one in stored if one.withdrawn_at is not None}
    first: dict[Key, Placed] = {}
    new: list[Placed] = []
    faults: list[str] = []
    known = left_out = 0
    for place, one in given:
        _, earlier = first.setdefault(one.key, (place, one))
        before = standing.get(one.key)
        if fault := _fault_of_subject(sites, one):
            faults.append(f"{place}: {fault}")
        elif earlier != one:
            where = _row_of(first[one.key][0])
            faults.append(f"{place}: {_named(one)} stands in {where} with other contents{_difference(earlier, one)}")
        elif before is not None and before.given == one:
            known += 1
        elif one in withdrawn:
            left_out += 1
        elif before is not None:
            faults.append(
                f"{place}: {_named(one)} was given with other contents{_difference(before.given, one)}; a better value "
                f"needs a later revision, or withdraw number {before.number} first"
            )
        elif first[one.key][0] == place:
            new.append((place, one))
    faults += _double_amounts(standing.values(), new)
    if faults:
        raise StatisticError(f"{first_of(faults, MOST_FAULTS, chr(10))}\nNothing was imported.")
    standing_values = tuple(one.given for one in standing.values())
    return ImportPlan(standing_values, tuple(one for _, one in new), known, left_out)


def _fault_of_subject(sites: Mapping[str, Collection[str]], value: GivenValue) -> str | None:
    if value.city not in sites:
        return f"column city: {one_of(sorted(sites), value.city)} (registered cities)"
    if value.site is not None and value.site not in sites[value.city]:
        return f"column site: {one_of(sorted(sites[value.city]), value.site)} (sites of {value.city})"
    return None


def _double_amounts(standing: Iterable[StoredValue], new: Sequence[Placed]) -> Iterator[str]:
    """Yield a sentence for each new amount whose days another one counts as well."""
    numbers = {one.given.key: one.number for one in standing}
    places = {one.key: place for place, one in new}
    topics: dict[Topic, list[GivenValue]] = defaultdict(list)
    for one in (*(one.given for one in standing), *(one for _, one in new)):
        topics[one.topic].append(one)
    for values in topics.values():
        for first, second in overlaps(latest(values)):
            later, other = (second, first) if second.key in places else (first, second)
            if later.key not in places:
                continue
            if other.key in places:
                where = _row_of(places[other.key])
            else:
                where = f"number {numbers[other.key]} of the stored ones, which may be withdrawn"
            yield (
                f"{places[later.key]}: {_named(later)} shares days with the one {other.days_named} ({where}); expected "
                "amounts that follow each other, so that no day counts twice"
            )


def _named(value: GivenValue) -> str:
    revision = "" if value.revision is None else f", revision {value.revision:.15g},"
    return f"{value.statistic} of {value.site or value.city} {value.days_named}{revision}"


def _row_of(place: str) -> str:
    return place.rpartition(": ")[2]


def _difference(before: GivenValue, after: GivenValue) -> str:
    was, is_now = before.contents, after.contents
    differing = (key for key in was if was[key] != is_now[key])
    return f" ({', '.join(f'{key}: {found(was[key])}, now {found(is_now[key])}' for key in differing)})"
