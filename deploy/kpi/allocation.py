"""``pharos kpi allocate-chp``: what heat and electricity of a plant bear of its emissions, by each method."""

from dataclasses import dataclass
from textwrap import fill
from typing import Annotated, Any, Final

import typer

from deploy.kpi.answers import print_json, print_table
from deploy.options import Json
from ingest.model.declarations.expected import one_of
from ingest.model.policies import CHP_ALLOCATION, POLICIES, Policy
from kpi_engine.errors import KpiError
from kpi_engine.formulas.chp_allocation import Cogeneration, heat_share

WIDTH: Final = 100


@dataclass(frozen=True)
class _Allocation:
    """What a plant's heat bears by one policy; None: the policy takes factors that are not given."""

    policy: Policy
    share: float | None
    emissions: float | None
    heat: float

    @property
    def of_heat(self) -> float | None:
        return None if self.share is None or self.emissions is None else self.share * self.emissions

    @property
    def of_electricity(self) -> float | None:
        return None if self.of_heat is None or self.emissions is None else self.emissions - self.of_heat

    def document(self) -> dict[str, Any]:
        return {
            "method": self.policy.name,
            "version": self.policy.version,
            "title": self.policy.title,
            "heat_share": self.share,
            "heat_emissions": self.of_heat,
            "electricity_emissions": self.of_electricity,
            "heat_factor": None if self.of_heat is None else self.of_heat / self.heat,
            "parameters": dict(self.policy.parameters),
            "source": self.policy.source,
            "trap": self.policy.trap,
        }


def add_to(group: typer.Typer) -> None:
    """Add the command to those of ``pharos kpi``."""
    group.command("allocate-chp")(allocate_chp)


def allocate_chp(  # noqa: PLR0913, PLR0917 - a plant is all of these
    fuel: Annotated[float, typer.Option(help="Energy of the fuel, by its net calorific value.")],
    electricity: Annotated[float, typer.Option(help="Electricity generated, in the same unit.", min=0.0)],
    heat: Annotated[float, typer.Option(help="Useful heat, in the same unit.")],
    emissions: Annotated[float | None, typer.Option(help="What is to be allocated, such as t CO2.")] = None,
    electricity_factor: Annotated[
        float | None, typer.Option(help="Emissions of a unit of grid electricity, for power_bonus.", min=0.0)
    ] = None,
    method: Annotated[str | None, typer.Option(help="One method; without it, all of them side by side.")] = None,
    as_json: Json = False,
) -> None:
    """Allocate a cogeneration plant's fuel or emissions to its heat and its electricity, with the source of each way.

    Example: pharos kpi allocate-chp --fuel 1000 --electricity 300 --heat 500 --emissions 200
    """
    for option, value in (("--fuel", fuel), ("--heat", heat)):
        if not value > 0.0:
            raise typer.BadParameter(f"expected more than 0, not {value:g}", param_hint=option)
    plant = Cogeneration(fuel, electricity, heat, None if emissions is None else emissions / fuel, electricity_factor)
    every = [_Allocation(one, heat_share(one, plant), emissions, heat) for one in _policies(method)]
    if as_json:
        print_json([one.document() for one in every])
        return
    columns = ("method", "version", "heat bears", "electricity bears", "emissions of heat", "of electricity")
    print_table(columns, [_row(one) for one in every])
    for one in every:
        lines = [f"{one.policy.title}.", *_parameters(one.policy), f"Source: {one.policy.source}.", one.policy.trap]
        typer.echo(fill(" ".join(lines), WIDTH, initial_indent=f"{one.policy.name}: ", subsequent_indent="  "))


def _policies(method: str | None) -> list[Policy]:
    known = POLICIES[CHP_ALLOCATION]
    if method is None:
        return list(known.values())
    if method not in known:
        raise KpiError(f"--method: {one_of(known, method)}")
    return [known[method]]


def _row(one: _Allocation) -> tuple[str, ...]:
    heat = one.share
    rest = None if heat is None else 1.0 - heat
    shares = ("needs --emissions and --electricity-factor", "") if heat is None else (f"{heat:.1%}", f"{rest:.1%}")
    amounts = ("" if amount is None else f"{amount:,.4f}" for amount in (one.of_heat, one.of_electricity))
    return (one.policy.name, one.policy.version, *shares, *amounts)


def _parameters(policy: Policy) -> list[str]:
    return (
        [f"{', '.join(f'{name} {value:g}' for name, value in policy.parameters.items())}."] if policy.parameters else []
    )
