"""Statistics that tests give: values of bills, populations and investments in the district of their town."""

from datetime import date, datetime

from kpi_engine.statistics.given import GivenValue, StoredValue

KNOWN_AT = datetime.fromisoformat("2026-04-01T00:00:00+00:00")
UNITS = {"population": "1", "households": "1", "investment": "EUR"}


def given(statistic: str, value: float, start: str, end: str | None = None, **stated: object) -> GivenValue:
    """Return a value of a subject, site a of the town unless the statistic is of a whole city."""
    usual = {
        "statistic": statistic,
        "city": "town",
        "site": None if statistic == "population" else "a",
        "valid_from": date.fromisoformat(start),
        "valid_to": None if end is None else date.fromisoformat(end),
        "value": value,
        "unit": UNITS.get(statistic, "kWh"),
        "source": "archive",
        "page": "p. 1",
    }
    return GivenValue.model_validate(usual | stated)


def stored(number: int, value: GivenValue, *, is_withdrawn: bool = False) -> StoredValue:
    """Return a value as it is kept."""
    if is_withdrawn:
        return StoredValue(number, value, False, KNOWN_AT, KNOWN_AT, "B. Holm", "a slip")
    return StoredValue(number, value, True, KNOWN_AT)
