"""Figures as answers for programs that cannot look twice: each with its bounds, or refused in words."""

from collections.abc import Sequence
from typing import Any

from pharos_client.models import City, Kpi, KpiValue


class RefusedError(Exception):
    """There is no value to give; the message says why, and what is known instead."""


def figure_answer(value: KpiValue, address: str) -> dict[str, Any]:
    """Return one figure; without a value it has no ``value`` but ``refused``, which says why."""
    whose = value.site or value.group or value.city
    answer: dict[str, Any] = {
        "indicator": value.kpi,
        "city": value.city,
        "of": whose,
        "period": value.period,
        "period_start": value.period_start.isoformat(),
        "period_end": value.period_end.isoformat(),
        "unit": value.unit,
        "lower": value.lower,
        "upper": value.upper,
        "status": value.status,
        "coverage": value.coverage,
        "due": value.due,
        "revision": value.revision,
        "value_id": value.value_id,
        "lineage": lineage_address(value, address),
    }
    if value.value is None:
        return {**answer, "refused": refusal(value)}
    sentence = (
        f"{value.value:,.6g} {value.unit}, between {_bound(value.lower)} and {_bound(value.upper)}, {value.status}"
    )
    noted = {} if value.reason is None else {"said_beside": value.reason}
    return {
        "value": value.value,
        "in_words": sentence + (", computed again soon" if value.due else ""),
        **answer,
        **noted,
    }


def figure_answers(values: Sequence[KpiValue], address: str) -> list[dict[str, Any]]:
    """Return figures; raises RefusedError where there are none, or none has a value."""
    if not values:
        raise RefusedError("there is no figure of these periods: nothing was computed, so nothing can be said")
    if all(one.value is None for one in values):
        raise RefusedError(" | ".join(f"{one.period_start.isoformat()}: {refusal(one)}" for one in values))
    return [figure_answer(one, address) for one in values]


def refusal(value: KpiValue) -> str:
    """Return why a figure has no value, and what it lies between."""
    reason = value.reason or "it can be wrong by too much"
    known = (
        ""
        if value.lower is None or value.upper is None
        else (
            f"; all that is known is that it lies between {_bound(value.lower)} and {_bound(value.upper)} {value.unit}"
        )
    )
    return f"no value of {value.kpi} can be given: {reason}{known}. Do not estimate one"


def lineage_address(value: KpiValue, address: str) -> str | None:
    """Return where it is told what stands behind a figure; None of a day that is computed when it is asked for."""
    if value.value_id is None:
        return None
    return f"{address.rstrip('/')}/api/v1/kpis/{value.kpi}/values/{value.value_id}/lineage"


def city_answer(city: City) -> dict[str, Any]:
    """Return a city as far as questions about figures need it."""
    return {"name": city.name, "title": city.title, "country": city.country, "timezone": city.timezone}


def indicator_answer(kpi: Kpi) -> dict[str, Any]:
    """Return an indicator; ``missing`` says why a city has no figure of it."""
    definition = {"name": kpi.name, "title": kpi.title, "unit": kpi.unit, "definition": kpi.definition}
    return {
        **definition,
        "formula": kpi.formula,
        "citation": kpi.citation,
        "periods": kpi.periods,
        "missing": kpi.missing,
    }


def _bound(bound: float | None) -> str:
    return "nothing known" if bound is None else f"{bound:,.6g}"
