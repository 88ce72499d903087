"""Policies: which way to reckon a city has chosen where standards leave a choice, or the one that holds else."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.model.policies import Policy, policy
from kpi_engine.ports.port import Found, Port, Reads

if TYPE_CHECKING:
    from kpi_engine.ports.port import PortScope


@dataclass(frozen=True)
class PolicyOf(Port[Policy]):
    """The policy of one ``kind`` that the city has chosen."""

    kind: str

    def bind(self, scope: "PortScope") -> "BoundPolicy":
        """Return the policy of a subject's city."""
        return BoundPolicy(policy(self.kind, scope.city.policies.get(self.kind)))


@dataclass(frozen=True)
class BoundPolicy(Reads[Policy]):
    """The policy that holds for a subject."""

    policy: Policy

    def items(self) -> Iterator[tuple[str, object]]:
        """Yield the policy by the key of the city file that names it."""
        one = self.policy
        yield f"city file: policies.{one.kind}", (one.name, one.version, sorted(one.parameters.items()))

    def given(self, start: int, end: int, found: Found) -> Policy:  # noqa: ARG002 - it holds at all times
        """Return the policy."""
        return self.policy
