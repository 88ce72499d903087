"""The stream: messages are decoded, resolved, judged and stored; live data and history take the same steps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import structlog

from ingest import status
from ingest.backoff import Backoff
from ingest.decoder import Decoder, Flaw
from ingest.decoders import DECODERS
from ingest.limits import DEFAULT, PayloadLimits
from ingest.meter_keys import KeysOf, none
from ingest.model.catalogue import Catalogue
from ingest.model.observation import ObservationBatch, RawMessage, Refusal, Resolved
from ingest.model.sparkplug import EdgeNode
from ingest.reasons import Reason
from ingest.resolve import Resolver
from ingest.topics import is_status
from processors.errors import DataRefusedError, StoreFaultError, StoreUnavailableError
from processors.isolation import described, digested, is_foreseen, isolated, record
from processors.series.intake_columns import SeriesTable
from processors.steps.clock import check_clock
from processors.steps.given_interval import check_intervals
from processors.steps.plausibility import check_plausibility, check_states
from processors.steps.rule_result import RuleResult
from processors.storage.readings.ledger import Receipt
from processors.storage.readings.retaking import Settlement
from processors.storage.readings.sink import Sink

Answer = TypeVar("Answer")

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Recovery:
    """How a stream goes on after the store failed.

    ``reopen`` returns a sink on a new connection; ``wait`` sleeps for some seconds and returns whether to give up;
    ``report`` is told the trouble as a sentence, and None when it is over.
    """

    reopen: Callable[[], Sink]
    wait: Callable[[float], bool]
    report: Callable[[str | None], None]


@dataclass(frozen=True)
class Commit:
    """One committed write: readings as they ``arrived``, what was ``kept`` of them, all refusals, and the receipt.

    ``catalogue``: the one by which they were resolved. ``asked``: the edge nodes whose births are needed.
    """

    catalogue: Catalogue
    arrived: ObservationBatch
    kept: ObservationBatch
    refusals: list[Refusal]
    receipt: Receipt
    asked: frozenset[str] = frozenset()


def _ignore(commit: Commit) -> None:
    """Observe nothing."""


class Stream:
    """Takes messages to the store. ``observe`` is told of every committed write.

    ``current`` returns the catalogue as it is now: what it says anew holds from the next messages on. ``keys``: of
    devices whose payloads are encrypted, by the name of their file.
    """

    def __init__(  # noqa: PLR0913 - where from, where to, and who is told
        self,
        sink: Sink,
        catalogue: Catalogue,
        *,
        decoder: Decoder = DECODERS["pharos"],
        limits: PayloadLimits = DEFAULT,
        recovery: Recovery | None = None,
        observe: Callable[[Commit], None] = _ignore,
        current: Callable[[], Catalogue] | None = None,
        keys: KeysOf = none,
    ) -> None:
        self._sink = sink
        self._decoder, self._limits, self._keys = decoder, limits, keys
        self._current = current
        self._use(catalogue)
        self._recovery = recovery
        self._observe = observe
        self._settlement: Settlement | None = None

    def _use(self, catalogue: Catalogue) -> None:
        self._resolver = Resolver(catalogue, self._decoder, self._limits, self._edge_node, self._keys)
        self._table = SeriesTable(catalogue)

    def _edge_node(self, name: str) -> EdgeNode | None:
        return self._persist(lambda sink: sink.edge_node(name))

    def _take_up(self) -> None:
        """Use the catalogue as it is now."""
        if self._current is not None and (catalogue := self._current()) is not self._table.catalogue:
            self._use(catalogue)

    def accept(self, messages: Sequence[RawMessage]) -> Receipt:
        """Take raw messages; on return what they say is committed and they may be acknowledged.

        One on which we fail in a way nobody foresaw is quarantined as it came, and costs no other. Without a recovery,
        and when its ``wait`` gives up, raises what the sink raises; what was written till then is known when it comes
        again.
        """
        self._take_up()
        return sum(isolated(messages, self._take, self._refuse), Receipt())

    def retake(self, messages: Sequence[RawMessage], settlement: Settlement) -> Receipt:
        """Take messages that were refused, of telemetry or status, once more; otherwise as ``accept``.

        With what becomes of them they leave quarantine, as ``settlement`` does it, or come into it anew.
        """
        statuses = [one for one in messages if is_status(one.topic)]
        telemetry = [one for one in messages if not is_status(one.topic)]
        self._settlement = settlement
        try:
            taken = self.accept(telemetry) if telemetry else Receipt()
            return taken + self.accept_statuses(statuses) if statuses else taken
        finally:
            self._settlement = None

    def examined(self, messages: Sequence[RawMessage]) -> Resolved:
        """Return what ``accept`` would make of ``messages`` now, and store nothing; a fault of ours is raised."""
        self._take_up()
        return check(self._resolver.resolve(messages), self._table)

    def store(self, resolved: Resolved, messages: Sequence[RawMessage]) -> Receipt:
        """Take readings that are resolved already, with the messages they came from; otherwise as ``accept``."""

        def take(part: Sequence[int]) -> Receipt:
            return self._store(_of(resolved, part), messages)

        def refuse(index: int, error: Exception) -> Receipt:
            return self._refuse(messages[index], error)

        return sum(isolated(_indices(resolved), take, refuse), Receipt())

    def _take(self, messages: Sequence[RawMessage]) -> Receipt:
        is_redelivery = any(message.redelivered for message in messages)
        return self._store(self._resolver.resolve(messages), messages, is_redelivery=is_redelivery)

    def _store(self, resolved: Resolved, messages: Sequence[RawMessage], *, is_redelivery: bool = False) -> Receipt:
        checked = check(resolved, self._table)
        settlement = self._settlement
        receipt = self._persist(
            lambda sink: sink.write(checked, messages, is_redelivery=is_redelivery, settlement=settlement)
        )
        self._observe(
            Commit(self._table.catalogue, resolved.batch, checked.batch, checked.refusals, receipt, resolved.asked)
        )
        return receipt

    def accept_statuses(self, messages: Sequence[RawMessage]) -> Receipt:
        """Take raw messages of status topics; otherwise as ``accept``."""
        self._take_up()
        return sum(isolated(messages, self._take_statuses, self._refuse), Receipt())

    def _take_statuses(self, messages: Sequence[RawMessage]) -> Receipt:
        statuses, refusals = status.read(messages, self._table.catalogue)
        settlement = self._settlement
        receipt = self._persist(lambda sink: sink.write_statuses(statuses, refusals, messages, settlement))
        self._observe_refusals(refusals, receipt)
        return receipt

    def _refuse(self, message: RawMessage, error: Exception) -> Receipt:
        """Quarantine a message on which we failed; where even that fails, what cannot fail: its digests."""
        record(error, message)
        settlement = self._settlement
        try:
            refusal = self._resolver.refused(
                message, Flaw(Reason.INTERNAL_ERROR, described(error), self._held(message))
            )
            receipt = self._persist(lambda sink: sink.refuse(refusal, message, settlement))
        except Exception as again:  # even refusing it failed: its digests are kept, and the stream goes on
            if is_foreseen(again):
                raise
            record(again, message)
            refusal = Refusal(
                0, Reason.INTERNAL_ERROR, f"{described(error)}; of topic and payload only the digests are kept"
            )
            receipt = self._persist(lambda sink: sink.refuse(refusal, digested(message)), is_last_resort=True)
        self._observe_refusals([refusal], receipt)
        return receipt

    def _held(self, message: RawMessage) -> int:
        """Return how many readings a message plausibly holds: those that can be decoded, at least one."""
        unknown = Resolved(ObservationBatch.empty())
        (found,) = isolated([message], self._resolver.resolve, lambda _, __: unknown)
        return max(1, len(found.batch) + sum(refusal.readings for refusal in found.refusals))

    def _observe_refusals(self, refusals: list[Refusal], receipt: Receipt) -> None:
        none = ObservationBatch.empty()
        self._observe(Commit(self._table.catalogue, none, none, refusals, receipt))

    def _persist(self, write: Callable[[Sink], Answer], *, is_last_resort: bool = False) -> Answer:
        """Write, or read, until it succeeds, as the recovery says; data that the database refuses are not tried again.

        ``is_last_resort``: it is no message any more that is refused, so it is tried again as any fault.
        """
        recovery = self._recovery
        if recovery is None:
            return self._write(write)
        backoff, failed = Backoff(first=0.1), False
        while True:
            try:
                self._sink = recovery.reopen() if failed else self._sink
                answer = self._write(write)
            except (StoreUnavailableError, StoreFaultError) as error:
                if isinstance(error, DataRefusedError) and not is_last_resort:
                    raise
                delay, failed = backoff.next(), True
                _log_delay(error, delay, recovery)
                if recovery.wait(delay):
                    raise
            else:
                if failed:
                    recovery.report(None)
                return answer

    def _write(self, write: Callable[[Sink], Answer]) -> Answer:
        self._sink.use(self._table)
        return write(self._sink)


def _indices(resolved: Resolved) -> range:
    """Return the span of the messages that ``resolved`` speaks of."""
    concerned = [one.message for one in resolved.refusals] + [one.message for one in resolved.sightings]
    if len(resolved.batch):
        concerned += [int(resolved.batch.message.min()), int(resolved.batch.message.max())]
    return range(min(concerned), max(concerned) + 1) if concerned else range(0)


def _of(resolved: Resolved, messages: Sequence[int]) -> Resolved:
    """Return what ``resolved`` says of a span of messages."""
    if len(messages) == len(_indices(resolved)):
        return resolved
    first, last = messages[0], messages[-1]
    return Resolved(
        resolved.batch.select((resolved.batch.message >= first) & (resolved.batch.message <= last)),
        [one for one in resolved.refusals if first <= one.message <= last],
        [one for one in resolved.sightings if first <= one.message <= last],
    )


def check(resolved: Resolved, table: SeriesTable) -> Resolved:
    """Apply the rules that look at one reading, and move what they refuse to the refusals; pure."""
    batch = resolved.batch
    if not len(batch):
        return resolved
    keep = np.ones(len(batch), np.bool_)
    refusals = list(resolved.refusals)
    verdicts = (
        *check_clock(batch),
        check_plausibility(batch, table.low, table.high),
        check_states(batch, table.is_of_states),
        *check_intervals(batch, table.is_of_intervals),
    )
    for verdict in verdicts:
        refused = verdict.refused & keep
        if refused.any():
            refusals += _refusals(batch, replace(verdict, refused=refused), table)
            keep &= ~refused
    return resolved if keep.all() else replace(resolved, batch=batch.select(keep), refusals=refusals)


def _refusals(batch: ObservationBatch, verdict: RuleResult, table: SeriesTable) -> list[Refusal]:
    """One refusal per series and message."""
    found = []
    rows = np.flatnonzero(verdict.refused)
    keys = np.stack([batch.message[rows], batch.series_id[rows]])
    _, firsts, counts = np.unique(keys, axis=1, return_index=True, return_counts=True)
    for row, count in zip(rows[firsts].tolist(), counts.tolist(), strict=True):
        series = table.catalogue.series[int(batch.series_id[row])]
        detail = f"{series.quantity}: {verdict.detail(row)}"
        at = int(batch.message[row])
        field = verdict.field or series.quantity
        found.append(Refusal(at, verdict.reason, detail, count, series.city, series.device, field))
    return found


def _log_delay(error: Exception, delay: float, recovery: Recovery) -> None:
    sentence = f"nothing can be stored, trying again in {delay:.1f} s, unacknowledged messages wait: {error}"
    recovery.report(sentence)
    if isinstance(error, StoreFaultError):
        log.error("store fault", cause=sentence, exc_info=error)
    else:
        log.warning("store unavailable", cause=sentence)
