"""Charging sessions as inputs of an indicator: long columns, of which a digest is kept with the figure.

They are columns without times, points or persons: who charged when is nobody's business who reads a figure.
"""

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from hashlib import sha256
from typing import Annotated, Any, ClassVar, Final, Self

import numpy as np
from pydantic import Field, model_validator

from ingest.model.sentences import Sentence
from kpi_engine.evidence.amounts import LARGEST, LONGEST
from kpi_engine.families.hour_inputs import named
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.formulas.charging_sessions import SessionsOf
from kpi_engine.formulas.session_columns import Charges
from kpi_engine.indicator import Entry, Indicator, Inputs, Outcome
from kpi_engine.ports.sessions import Sessions
from kpi_engine.window import Window
from processors.steps.columns import Floats

SESSIONS = Sessions()
LIMITS_OF_SESSIONS = (
    "A session counts where its vehicle was plugged in. One that delivered less than 0.1 kWh or lasted less than a "
    "minute failed, and is counted apart. One that still runs is none yet; if its period is over, its energy is "
    "unknown. While it is not known whether vehicles were there, sessions may have come twice as often as otherwise."
)
UNSEEN = " Each of those may have delivered up to twice the most of those that are known."
CITATION = (
    "Energy per session as sum over sum, with short sessions counted apart: common practice of charging operators "
    "(recalled); session data of 23 CFR 680.112 (read at lawserver.com)"
)

Column = tuple[Annotated[float, Field(ge=0, le=LARGEST)] | None, ...]


class SessionValues(Entry):
    """Sessions that began in a period, one an entry of each column, in any order; null where not known.

    ``kwh`` lies between ``lower_kwh`` and ``upper_kwh`` (null: nothing bounds it); where these are empty it is exact.
    ``hours`` connected; ``rated_kw`` of the point. ``running``: sessions that go on and are left out. It is known of
    ``known_seconds`` of the ``seconds`` of all ``points`` whether a session began.
    """

    points: tuple[str, ...] = ()
    kwh: Column = ()
    lower_kwh: Column = ()
    upper_kwh: Column = ()
    hours: Column = ()
    rated_kw: Column = ()
    running: int = Field(default=0, ge=0)
    known_seconds: float = Field(default=0.0, ge=0, le=LONGEST)
    seconds: float = Field(default=0.0, ge=0, le=LONGEST)

    @model_validator(mode="after")
    def _as_long(self) -> Self:
        if any(len(side) not in {0, len(self.kwh)} for side in (self.lower_kwh, self.upper_kwh, self.rated_kw)):
            raise ValueError("expected as many bounds and powers as sessions, or none")
        if len(self.hours) != len(self.kwh):
            raise ValueError("expected as many hours as sessions")
        if self.known_seconds > self.seconds * (1 + 1e-9):
            raise ValueError("expected known_seconds within seconds")
        return self

    @cached_property
    def sessions(self) -> SessionsOf:
        """The sessions as columns."""
        energy = _column(self.kwh, np.nan)
        lower = _column(self.lower_kwh, 0.0) if self.lower_kwh else np.nan_to_num(energy)
        upper = _column(self.upper_kwh, np.inf) if self.upper_kwh else np.where(np.isnan(energy), np.inf, energy)
        rated = _column(self.rated_kw or (None,) * len(self.kwh), np.nan)
        charges = Charges(energy, lower, upper, _column(self.hours, np.nan), rated, np.zeros(len(energy), np.bool_))
        return SessionsOf(charges, self.known_seconds, self.seconds)

    @property
    def known_share(self) -> float:
        """The share of the points' time that is known; 0 of none."""
        return self.known_seconds / self.seconds if self.seconds else 0.0


class SessionInputs(Inputs):
    """The charging sessions of the period."""

    IS_STORED_WHOLE: ClassVar[bool] = False

    sessions: SessionValues

    def digests(self) -> Mapping[str, Mapping[str, Any]]:
        """Return a digest in the place of sessions: how many of which kind, and a SHA-256 of all."""
        given, found = self.sessions, self.sessions.sessions
        columns = b"".join(np.asarray(one, "<f8").tobytes() for one in vars(found.charges).values())
        digest = {
            **named("points", given.points),
            "completed": int(found.counts.sum()),
            "failed": int(found.is_failed.sum()),
            "not_known": int(found.is_doubtful.sum()),
            "running": given.running,
            "known_seconds": given.known_seconds,
            "seconds": given.seconds,
            "sha256": sha256(columns).hexdigest(),
        }
        return {"sessions": digest}


def inputs(window: Window) -> SessionInputs:
    """Select the sessions of a window."""
    table = window.given(SESSIONS)
    charged = table.sessions.charges
    is_exact = bool(np.all((charged.lower == charged.energy) & (charged.upper == charged.energy)))
    return SessionInputs(
        sessions=SessionValues(
            points=table.points,
            kwh=_entries(charged.energy),
            lower_kwh=() if is_exact else _entries(charged.lower),
            upper_kwh=() if is_exact else _entries(charged.upper),
            hours=_entries(charged.hours),
            rated_kw=_entries(charged.rated),
            running=table.running,
            known_seconds=min(table.sessions.known, table.sessions.seconds),
            seconds=table.sessions.seconds,
        )
    )


def computed_by(of: Callable[[SessionsOf], Bounded], scale: float = 1.0) -> Callable[[SessionInputs], Outcome]:
    """Return what computes the figure that ``of`` makes of the sessions, times ``scale``."""
    return lambda inputs: outcome(inputs.sessions, of, scale)


RUNNING: Final = Sentence("{count} sessions still running and left out")
ONE_RUNNING: Final = Sentence("1 session still running and left out")
DOUBTFUL: Final = Sentence("{count} sessions of unknown energy")
ONE_DOUBTFUL: Final = Sentence("1 session of unknown energy")


def outcome(values: SessionValues, of: Callable[[SessionsOf], Bounded], scale: float = 1.0) -> Outcome:
    """Return what ``of`` makes of the sessions, times ``scale``."""
    if not values.seconds:
        return Outcome(
            None, 0.0, None, Sentence("no charging point that tells of sessions is registered for this period").of()
        )
    found = of(values.sessions).scaled(scale)
    why = reason(values)
    if found.value is None or not values.known_seconds:
        found, why = (
            Bounded(None, found.lower, found.upper),
            why or Sentence("no session is known that began in this period").of(),
        )
    return Outcome.of(found, values.known_share, reason=why)


def reason(values: SessionValues) -> str | None:
    """Say what is not known, and what is left out; None where all is known."""
    doubtful = int(values.sessions.is_doubtful.sum())
    lacking = (values.seconds - values.known_seconds) / 3600
    parts = [
        (RUNNING if values.running > 1 else ONE_RUNNING).of(count=values.running) if values.running else None,
        (DOUBTFUL if doubtful > 1 else ONE_DOUBTFUL).of(count=doubtful) if doubtful else None,
        Sentence("for {lacking} of {all} hours of the points it is not known whether sessions began").of(
            lacking=f"{lacking:g}", all=f"{values.seconds / 3600:g}"
        )
        if lacking > 1e-9
        else None,
    ]
    return "; ".join(filter(None, parts)) or None


def _entries(column: Floats) -> tuple[float | None, ...]:
    is_bounded = np.abs(column) <= LARGEST  # nothing bounds the others
    return tuple(one if known else None for one, known in zip(column.tolist(), is_bounded.tolist(), strict=True))


def _column(values: tuple[float | None, ...], unknown: float) -> Floats:
    return np.array([unknown if value is None else value for value in values], np.float64)


session_indicator: Final = partial(
    Indicator,
    inputs_model=SessionInputs,
    inputs=inputs,
    ports=(SESSIONS,),
    boundary="sessions at the charging points of the subject that tell of them",
)
"""What indicators of single sessions share."""
