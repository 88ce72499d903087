"""Looks after what runs but does not move: tells it at the terminal, kills a role that hangs, restarts a deaf broker.

Roles and broker are asked in a thread of its own; what concerns processes is done in the supervisor's, by ``attend``.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from deploy import disk
from deploy.causes import STARTING, Cause
from deploy.embedded.broker import Broker
from deploy.embedded.canary import Canary
from deploy.embedded.role_process import RoleProcess
from deploy.embedded.supervisor import Announce
from deploy.periodic import Every
from deploy.settings import Address
from deploy.status import BROKER, UNHEARD, Roles, Standing, Trouble, sentences


@dataclass(frozen=True)
class Patience:
    """In seconds: how often is looked; from when on something is told, and a role killed or the broker restarted.

    ``naming``: from when on a role that does not answer is told, which a busy machine makes of a slow one.
    ``killing``: from when on one is ended that does not answer and stands still, or turns in a circle; ``losing``: one
    that works, only slowly.
    ``starting``: within so long after its start nothing is told of a role that has not answered yet, or has not
    reached yet what it needs.
    """

    every: float = 5.0
    telling: float = 10.0
    naming: float = 30.0
    killing: float = 90.0
    losing: float = 900.0
    starting: float = 120.0
    storing: float = 15.0
    restarting: float = 45.0


SLOW: Final = (0.005, 0.5)
"""Shares of a core. Who computes less stands still: it is frozen, or waits for ever. Who computes more, and does not
answer, turns in a circle, or else it would have answered. In between it waits for its turn on a busy machine."""


@dataclass(frozen=True)
class _Answer:
    """When a role answered last (time.monotonic), and how long it had computed till then."""

    at: float
    cpu_seconds: float | None


@dataclass(frozen=True)
class Wards:
    """Who is looked after: the processes of the roles, where each listens now, the broker, and the folder of all."""

    processes: Sequence[RoleProcess]
    roles: Callable[[], Mapping[str, Address]]
    broker: Broker
    folder: Path


class Caretaker:
    """Looks after ``wards`` from construction to ``close``."""

    def __init__(self, wards: Wards, announce: Announce, patience: Patience = Patience()) -> None:
        self._wards, self._announce, self._patience = wards, announce, patience
        self._asked = Roles()
        self._standings: Sequence[Standing] = ()
        self._reported: set[str] = set()
        self._answers: dict[str, _Answer] = {}
        self._spared: set[str] = set()
        self._restarted = 0.0
        self._canary = Canary(wards.broker.inner, wards.broker.canary_secret)
        self._looking = Every(patience.every, self._look)

    def close(self) -> None:
        """Look no more."""
        self._looking.close()
        self._asked.close()
        self._canary.close()

    def causes(self) -> dict[str, Cause]:
        """Return that the broker stores nothing, while it does not."""
        if (silence := self._canary.silence) <= self._patience.storing:
            return {}
        since = datetime.fromtimestamp(time.time() - silence, UTC)
        return {BROKER: Cause(f"the broker stores nothing of what is published since {since:%H:%M:%S}Z", since)}

    def attend(self) -> None:
        """Tell what changed, and put an end to what hangs."""
        self._report()
        self._kill_what_hangs()
        self._restart_deaf_broker()

    def _look(self) -> None:
        self._canary.publish()
        asked_at = time.monotonic()  # whoever is started from now on has not answered, whatever its forerunner says yet
        self._standings = self._asked.ask(self._wards.roles())
        computed = {process.name: process.cpu_seconds for process in self._wards.processes}
        for one in self._standings:
            if UNHEARD not in {trouble.name for trouble in one.troubles}:
                self._answers[one.role] = _Answer(asked_at, computed.get(one.role))

    def _report(self) -> None:
        lasting = [one for one in self._standings if self._lasts(one)]
        # Told once for what it means: why it is so may be worded anew at each attempt.
        now = {sentence.partition(" since ")[0]: sentence for sentence in sentences(lasting)}
        for meaning in now.keys() - self._reported:
            self._announce(f"NOT MOVING: {now[meaning]}")
        for meaning in self._reported - now.keys():
            self._announce(f"over: {meaning}" if now else "everything moves again")
        self._reported = set(now)

    def _lasts(self, standing: Standing) -> bool:
        """Whether something is wrong with a role for longer than a hiccup, and it has had the time to start."""
        cause = standing.first
        if cause is None:
            return True
        is_starting = any(self._is_starting(one, cause) for one in self._wards.processes if one.name == standing.role)
        patience = self._patience.naming if cause.name == UNHEARD else self._patience.telling
        return _age(cause.since) > patience and not is_starting

    def _is_starting(self, process: RoleProcess, cause: Trouble) -> bool:
        """Whether a role was started lately and has not answered, or reached what it needs, since."""
        is_new = not self._has_answered(process) or cause.sentence == STARTING
        return is_new and time.monotonic() - process.started < self._patience.starting

    def _has_answered(self, process: RoleProcess) -> bool:
        """Whether a role has answered since its start."""
        answer = self._answers.get(process.name)
        return answer is not None and answer.at > process.started

    def _kill_what_hangs(self) -> None:
        for process in self._wards.processes:
            standing = next((one for one in self._standings if one.role == process.name), None)
            trouble = standing.first if standing else None
            if trouble is None or trouble.name != UNHEARD or process.exit_code is not None:
                self._spared.discard(process.name)
                continue
            # One that has not answered yet is starting, however slowly: ending it would only begin that anew.
            if self._has_answered(process) and _age(trouble.since) > self._patience.killing:
                self._end_or_spare(process, _age(trouble.since))

    def _end_or_spare(self, process: RoleProcess, unheard: float) -> None:
        """Put an end to a role that has not answered for too long, unless it is only slow."""
        if unheard <= self._patience.losing and self._is_slow(process):
            if process.name not in self._spared:
                self._spared.add(process.name)
                self._announce(
                    f"{process.name} has not answered for {self._patience.killing:.0f} s, but it works: the machine is"
                    f" busy. It is ended if it does not answer within {self._patience.losing:.0f} s"
                )
            return
        patience = self._patience.losing if process.name in self._spared else self._patience.killing
        self._announce(f"{process.name} has not answered for {patience:.0f} s: it hangs. Ending it")
        process.kill()

    def _is_slow(self, process: RoleProcess) -> bool:
        """Whether a role has computed since it answered last, and yet much less than it might have."""
        answer, computed = self._answers[process.name], process.cpu_seconds
        if answer.cpu_seconds is None or computed is None:
            return False
        share = (computed - answer.cpu_seconds) / max(time.monotonic() - answer.at, 0.001)
        return SLOW[0] <= share <= SLOW[1]

    def _restart_deaf_broker(self) -> None:
        """Start the broker anew when it does not store although the disk has room: what it acknowledged is kept."""
        is_due = time.monotonic() - self._restarted > 2 * self._patience.restarting
        if self._canary.silence > self._patience.restarting and is_due and not disk.shortage(self._wards.folder):
            self._restarted = time.monotonic()
            self._announce(
                f"{self._wards.broker.name} does not store what is published, although the disk has room: starting it"
                " anew; what it acknowledged is kept, devices send the rest again"
            )
            self._wards.broker.stop()  # the supervisor sees that it ended


def _age(since: datetime) -> float:
    return (datetime.now(UTC) - since).total_seconds()
