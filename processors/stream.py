"""The stream: messages are decoded, resolved, judged and stored; live data and history take the same steps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import structlog

from ingest import status
from ingest.decoder import Decoder
from ingest.decoders import DECODERS
from ingest.model.catalogue import Catalogue
from ingest.model.observation import ObservationBatch, RawMessage, Refusal, Resolved
from ingest.resolve import Resolver
from processors.errors import StoreFaultError, StoreUnavailableError
from processors.series_table import SeriesTable
from processors.steps.clock import judge_clock
from processors.steps.plausibility import judge_plausibility, judge_states
from processors.steps.verdict import Verdict
from processors.storage.ledger import Receipt
from processors.storage.sink import Sink

RETRY_FIRST: Final = 0.1  # seconds
RETRY_CEILING: Final = 10.0

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

    ``catalogue``: the one by which they were resolved.
    """

    catalogue: Catalogue
    arrived: ObservationBatch
    kept: ObservationBatch
    refusals: list[Refusal]
    receipt: Receipt


def _ignore(commit: Commit) -> None:
    """Observe nothing."""


class Stream:
    """Takes messages to the store. ``observe`` is told of every committed write.

    ``current`` returns the catalogue as it is now: what it says anew holds from the next messages on.
    """

    def __init__(  # noqa: PLR0913 - where from, where to, and who is told
        self,
        sink: Sink,
        catalogue: Catalogue,
        *,
        decoder: Decoder = DECODERS["pharos"],
        recovery: Recovery | None = None,
        observe: Callable[[Commit], None] = _ignore,
        current: Callable[[], Catalogue] | None = None,
    ) -> None:
        self._sink = sink
        self._decoder = decoder
        self._current = current
        self._use(catalogue)
        self._recovery = recovery
        self._observe = observe

    def _use(self, catalogue: Catalogue) -> None:
        self._resolver = Resolver(catalogue, self._decoder)
        self._table = SeriesTable(catalogue)

    def _take_up(self) -> None:
        """Use the catalogue as it is now."""
        if self._current is not None and (catalogue := self._current()) is not self._table.catalogue:
            self._use(catalogue)

    def accept(self, messages: Sequence[RawMessage]) -> Receipt:
        """Take raw messages; on return what they say is committed and they may be acknowledged.

        Without a recovery, and when its ``wait`` gives up, raises what the sink raises: then nothing was written.
        """
        self._take_up()
        is_redelivery = any(message.redelivered for message in messages)
        return self.store(self._resolver.resolve(messages), messages, is_redelivery=is_redelivery)

    def store(self, resolved: Resolved, messages: Sequence[RawMessage], *, is_redelivery: bool = False) -> Receipt:
        """Take readings that are resolved already, with the messages they came from; otherwise as ``accept``."""
        judged = judge(resolved, self._table)
        receipt = self._persist(lambda sink: sink.write(judged, messages, is_redelivery=is_redelivery))
        self._observe(Commit(self._table.catalogue, resolved.batch, judged.batch, judged.refusals, receipt))
        return receipt

    def accept_statuses(self, messages: Sequence[RawMessage]) -> Receipt:
        """Take raw messages of status topics; otherwise as ``accept``."""
        self._take_up()
        statuses, refusals = status.read(messages, self._table.catalogue)
        receipt = self._persist(lambda sink: sink.write_statuses(statuses, refusals, messages))
        none = ObservationBatch.empty()
        self._observe(Commit(self._table.catalogue, none, none, refusals, receipt))
        return receipt

    def _persist(self, write: Callable[[Sink], Receipt]) -> Receipt:
        """Write until it succeeds, as the recovery says."""
        recovery = self._recovery
        if recovery is None:
            return self._write(write)
        delay, failed = RETRY_FIRST, False
        while True:
            try:
                self._sink = recovery.reopen() if failed else self._sink
                receipt = self._write(write)
            except (StoreUnavailableError, StoreFaultError) as error:
                _tell(error, delay, recovery)
                if recovery.wait(delay):
                    raise
                delay, failed = min(2 * delay, RETRY_CEILING), True
            else:
                if failed:
                    recovery.report(None)
                return receipt

    def _write(self, write: Callable[[Sink], Receipt]) -> Receipt:
        self._sink.use(self._table)
        return write(self._sink)


def judge(resolved: Resolved, table: SeriesTable) -> Resolved:
    """Apply the rules that look at one reading, and move what they refuse to the refusals; pure."""
    batch = resolved.batch
    if not len(batch):
        return resolved
    keep = np.ones(len(batch), np.bool_)
    refusals = list(resolved.refusals)
    verdicts = (
        *judge_clock(batch),
        judge_plausibility(batch, table.low, table.high),
        judge_states(batch, table.is_of_states),
    )
    for verdict in verdicts:
        refused = verdict.refused & keep
        if refused.any():
            refusals += _refusals(batch, replace(verdict, refused=refused), table)
            keep &= ~refused
    return resolved if keep.all() else replace(resolved, batch=batch.select(keep), refusals=refusals)


def _refusals(batch: ObservationBatch, verdict: Verdict, table: SeriesTable) -> list[Refusal]:
    """One refusal per series and message."""
    found = []
    rows = np.flatnonzero(verdict.refused)
    keys = np.stack([batch.message[rows], batch.series_id[rows]])
    _, firsts, counts = np.unique(keys, axis=1, return_index=True, return_counts=True)
    for row, count in zip(rows[firsts].tolist(), counts.tolist(), strict=True):
        series = table.catalogue.series[int(batch.series_id[row])]
        detail = f"{series.quantity}: {verdict.detail(row)}"
        at = int(batch.message[row])
        found.append(Refusal(at, verdict.reason, detail, count, series.city, series.device, series.quantity))
    return found


def _tell(error: Exception, delay: float, recovery: Recovery) -> None:
    sentence = f"nothing can be stored, trying again in {delay:.1f} s, unacknowledged messages wait: {error}"
    recovery.report(sentence)
    if isinstance(error, StoreFaultError):
        log.error("store fault", cause=sentence, exc_info=error)
    else:
        log.warning("store unavailable", cause=sentence)
