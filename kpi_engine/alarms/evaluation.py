"""One look at the devices of one rule: from what was known and the newest live readings to what turns."""

from dataclasses import dataclass

from kpi_engine.alarms.hysteresis import Evidence, Phase, step
from kpi_engine.alarms.measures import MeasureState, Snapshot, measured
from kpi_engine.alarms.plan import Group
from processors.steps.columns import Mask


@dataclass(frozen=True)
class Watch:
    """What is known of the devices of a rule between two looks."""

    phase: Phase
    memory: MeasureState

    @classmethod
    def begun(cls, rows: int) -> "Watch":
        """Return a watch that has seen nothing."""
        return cls(Phase.idle(rows), MeasureState.none(rows))


@dataclass(frozen=True)
class Look:
    """What one look made of a rule's devices: the watch after it, what turned, and what it turned on."""

    watch: Watch
    evidence: Evidence
    raised: Mask
    cleared: Mask


def look(group: Group, snapshot: Snapshot, watch: Watch) -> Look:
    """Judge the devices of ``group``; what is not live or not new changes nothing."""
    evidence, memory = measured(group.rule.measure, snapshot, watch.memory)
    phase, turned = step(watch.phase, evidence, group.limits)
    return Look(Watch(phase, memory), evidence, turned & phase.is_open, turned & ~phase.is_open)
