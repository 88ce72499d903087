"""Baselines and savings as people read them: a model in a sentence, savings as a table with what stands behind it."""

from collections.abc import Iterator
from datetime import datetime

import typer

from deploy import tables
from ingest.model.time import isoformat, to_micros
from kpi_engine.baselines.declared import DeclaredBaseline
from kpi_engine.baselines.report import SavingsReport, Valued
from kpi_engine.baselines.savings import Bound
from kpi_engine.baselines.stored_model import StoredModel


def tell_model(declared: DeclaredBaseline, model: StoredModel | None) -> None:
    """Print a baseline and its model."""
    declaration = declared.declaration
    energy = declaration.energy.indicator or ", ".join(one.device for one in declaration.energy.series)
    typer.echo(f"{declared.id}: option {declaration.option}, {declaration.boundary}")
    period = f"{declaration.baseline_from} to {declaration.baseline_to}"
    typer.echo(f"  {energy} of {period}, reporting from {declaration.reporting_from}")
    if model is None:
        typer.echo("  not fitted yet")
        return
    typer.echo(f"  model {model.version} of {_time(model.fitted_at)} by {model.result['method']['name']}")
    for sentence in (*model.reasons, *model.result["flags"]):
        typer.echo(f"  {sentence}")
    if (fitted := model.baseline) is not None:
        typer.echo(f"  {_formula(model)}")
        quality = fitted.quality
        typer.echo(
            f"  {quality.days} days, CV(RMSE) {quality.cv_rmse:.1%} (n - p), NMBE {quality.nmbe:+.2%}, "
            f"R2 {quality.r2:.3f}, autocorrelation {quality.autocorrelation:+.2f} "
            f"({quality.independent_days:.0f} independent days)"
        )
    if model.fitted_part != declared.fitted_part:
        typer.echo("  the city file declares it otherwise since then: fit it again")


def _formula(model: StoredModel) -> str:
    found = model.result["model"]
    parts = [f"{found['intercept']:.6g} kWh a day"]
    for word, side in (("heating", "below"), ("cooling", "above")):
        if found[f"{word}_balance"] is not None:
            slope, balance = found[f"{word}_slope"], found[f"{word}_balance"]
            parts.append(f"{slope:.6g} kWh for each degree {side} {balance:.3g} degC")
    return " + ".join(parts)


def tell_savings(declared: DeclaredBaseline, found: SavingsReport) -> None:
    """Print savings by month and in all."""
    typer.echo(
        f"{declared.id}: option {declared.declaration.option}, model {found.model.version}, "
        f"bounds at {declared.declaration.confidence:.0%}"
    )
    for sentence in (*found.disqualified, *found.notes):
        typer.echo(sentence)
    if found.whole is None:
        return
    _tell_table(found)
    for sentence in _sentences(declared, found):
        typer.echo(sentence)


def _tell_table(found: SavingsReport) -> None:
    numbers = ("HDD", "baseline kWh", "measured kWh", "avoided kWh", "between", "cost", "kg CO2e")
    table = tables.table("from", "days", "status", numbers=numbers)
    for one in found.parts:
        table.add_row(str(one.savings.first), *_row(one, found.currency))
    if found.whole is not None:
        table.add_row("all", *_row(found.whole, found.currency))
    tables.show(table)


def _sentences(declared: DeclaredBaseline, found: SavingsReport) -> Iterator[str]:
    """Yield what is said below the table: reasons, adjustments, prices and factors, what of a year."""
    for start, one in [*((str(each.savings.first), each) for each in found.parts), ("all", found.whole)]:
        if one and one.savings.avoided.reason:
            yield f"{start}: {one.savings.avoided.reason}"
    if found.whole is not None and (relative := found.whole.savings.fractional_uncertainty) is not None:
        confidence = f"{declared.declaration.confidence:.0%}"
        yield f"uncertainty of the model: {relative:.1%} of what was avoided in all, at {confidence} confidence"
    yield f"HDD: heating degree days of the days that count, {declared.degree_days.key}"
    for entry in found.adjustments:
        amount = f"{entry.amount:+,.6g} kWh {entry.first} to {entry.last}"
        yield f"adjustment {entry.number}: {amount}, {entry.author}: {entry.reason}"
    yield from (f"by: {rate}" for rate in found.rates)
    if found.part_of_a_year:
        yield found.part_of_a_year
    if found.normalised is not None:
        yield f"of a normal year: {_value(found.normalised.saved)} kWh {_between(found.normalised.saved)}"
    elif declared.declaration.normal_year_from:
        yield f"of a normal year: {found.not_normalised}"


def _row(one: Valued, currency: str | None) -> tuple[str, ...]:
    saved = one.savings
    cost = f"{_value(one.cost)} {currency}" if one.cost else ""
    return (
        f"{saved.counted} of {saved.days}",
        saved.avoided.status.value,
        "" if saved.heating_degree_days is None else f"{saved.heating_degree_days:,.0f}",
        f"{saved.adjusted_baseline:,.1f}",
        f"{saved.measured:,.1f}",
        _value(saved.avoided),
        _between(saved.avoided),
        cost,
        _value(one.emissions) if one.emissions else "",
    )


def _value(bound: Bound) -> str:
    return "?" if bound.value is None else f"{bound.value:,.1f}"


def _between(bound: Bound) -> str:
    lower, upper = ("..." if end is None else f"{end:,.1f}" for end in (bound.lower, bound.upper))
    return f"[{lower}, {upper}]"


def state(model: StoredModel | None) -> str:
    """Return a model in a few words, or why there is none."""
    if model is None:
        return "not fitted"
    if model.reasons:
        return f"{model.version}, disqualified: {'; '.join(model.reasons)}"
    kind, quality = model.result["model"]["kind"], model.result["quality"]
    return f"{model.version}: {kind}, CV(RMSE) {quality['cv_rmse']:.1%}"


def _time(moment: datetime) -> str:
    return isoformat(to_micros(moment))
