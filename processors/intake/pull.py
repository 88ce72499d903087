"""Answers of services through the same steps as live data: each is a message on the topic of whom it was asked of.

How far a dataset is known is noted after its readings are stored, so that what was interrupted is asked for again:
its readings are duplicates then. A question that fails costs no other one; a service that is away ends its round. What
is no answer (a page of HTML, half a document, nothing) leaves its dataset where it is known to, until the next round.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ingest.bound_decoder import decoder_of
from ingest.errors import DecodeError, OverLimitError
from ingest.limits import DEFAULT
from ingest.model.calendar import day_start
from ingest.model.observation import RawMessage
from ingest.model.time import DAY, MICROSECOND
from ingest.sources.pull.bound import Asked, PulledBinding
from ingest.sources.pull.client import Client
from ingest.sources.pull.errors import BrokenAnswerError, PullError, QuestionRefusedError, StoppedError
from ingest.sources.pull.hub import Dataset
from ingest.sources.pull.question import Question
from ingest.sources.pull.windows import windows
from processors.intake.stream import Commit, Stream
from processors.storage.readings.ledger import Receipt
from processors.storage.readings.pulls import AnsweredWindow, Known, PullProgress

SILENCE: Final = 62 * DAY  # so long after the newest reading it is asked for again what did not come


@dataclass(frozen=True)
class QuestionOutcome:
    """What came of a question: a receipt, or why there is none."""

    asked: Asked
    begin: int
    end: int
    receipt: Receipt
    failure: str | None = None


class NewestReading:
    """Hears of what a stream stores: the time of the newest reading since it was asked last."""

    def __init__(self, observe: Callable[[Commit], None] | None = None) -> None:
        self._observe = observe
        self._newest: int | None = None

    def __call__(self, commit: Commit) -> None:
        """Take note of a commit, and tell it on."""
        if len(commit.kept):
            self._newest = max(int(commit.kept.time.max()), self._newest or 0)
        if self._observe:
            self._observe(commit)

    def taken(self) -> int | None:
        """Return it, and forget it."""
        found, self._newest = self._newest, None
        return found


@dataclass(frozen=True)
class Pulling:
    """Asks the service of a binding through ``client``, and stores what comes through ``stream``.

    ``newest`` observes the stream; ``now`` returns the time in microseconds.
    """

    binding: PulledBinding
    client: Client
    stream: Stream
    newest: NewestReading
    progress: PullProgress
    now: Callable[[], int]

    def go_on(self, chosen: Iterable[tuple[Asked, Dataset]], known: Mapping[Asked, Known]) -> Iterator[QuestionOutcome]:
        """Ask for what is not known yet, and again for what may have changed; yields after every question.

        Raises StoppedError, and PullError when the service is away or does not take the account: what was not asked
        for is noted as failed with it.
        """
        yield from self._asking(
            chosen, lambda *one: (self._resumed(known.get(one[0]), one[1]), self.now()), extends=True
        )

    def fill(self, span: tuple[int, int]) -> Iterator[QuestionOutcome]:
        """Ask for all that the binding asks for in a span [begin, end), whatever is known; otherwise as ``go_on``."""
        yield from self._asking(self.binding.asked(), lambda *_: span, extends=False)

    def _resumed(self, known: Known | None, dataset: Dataset) -> int:
        """Return from when on it is asked: where it was asked up to, and before that what may have changed or come."""
        since = self.binding.since
        if known is None or known.asked_from is None or known.asked_through is None or since < known.asked_from:
            return since
        if dataset.until is not None and known.asked_through >= day_start(dataset.until, self.binding.zone):
            return known.asked_through  # it has ended, and is known
        silent_since = since if known.newest is None else known.newest
        again = known.asked_through - self.binding.again // MICROSECOND
        return max(since, min(again, max(silent_since, known.asked_through - SILENCE)))

    def _asking(
        self,
        chosen: Iterable[tuple[Asked, Dataset]],
        span: Callable[[Asked, Dataset], tuple[int, int]],
        *,
        extends: bool,
    ) -> Iterator[QuestionOutcome]:
        waiting = list(chosen)
        while waiting:
            asked, dataset = waiting[0]
            try:
                yield from self._windows(asked, dataset, span(asked, dataset), extends=extends)
            except StoppedError:
                raise
            except PullError as error:
                for other, _ in waiting:
                    yield self._failed(other, str(error))
                raise
            waiting.pop(0)

    def _windows(
        self, asked: Asked, dataset: Dataset, span: tuple[int, int], *, extends: bool
    ) -> Iterator[QuestionOutcome]:
        """Ask for the windows of a span; one that is refused counts as asked once a later one is answered."""
        refused = ""
        for begin, end in windows(self.binding.hub, dataset, span, self.now(), self.binding.zone):
            try:
                receipt = self._answered(Question(asked.called, dataset.name, begin, end))
            except QuestionRefusedError as error:
                refused = str(error)
                continue
            except BrokenAnswerError as error:
                refused = str(error)
                break  # what follows would count this as asked
            answer = AnsweredWindow(min(span[0], begin), end, receipt.received, self.newest.taken())
            self.progress.answered(asked, self.now(), answer, extends=extends)
            yield QuestionOutcome(asked, begin, end, receipt)
        if refused:
            yield self._failed(asked, refused)

    def _answered(self, question: Question) -> Receipt:
        topic, receipt = self.binding.topic(question.called), Receipt()
        try:
            for body in self.binding.hub.answers(self.client, question):
                taken = self.stream.accept([RawMessage(topic, body, self.now())])
                if not taken.stored + taken.duplicate + taken.conflict and (fault := self._fault(body)):
                    raise BrokenAnswerError(f"{self.binding.hub.title} answers with what is no answer: {fault}")
                receipt += taken
        except DecodeError as error:  # what the service says of itself, before any reading: no supplies, no token
            raise QuestionRefusedError(f"{self.binding.hub.title} answers with something else: {error}") from error
        return receipt

    def _fault(self, body: bytes) -> str:
        """Return why a body that held no reading is no answer at all, empty where it is one."""
        if not body:
            return "it is empty"
        try:
            if decoder := decoder_of(self.binding.bound):
                decoder.decode(body, DEFAULT)
        except OverLimitError:
            return ""  # an answer that is too long is so the next time as well
        except DecodeError as error:
            return str(error)
        return ""

    def _failed(self, asked: Asked, sentence: str) -> QuestionOutcome:
        now = self.now()
        self.progress.failed(asked, now, sentence)
        return QuestionOutcome(asked, now, now, Receipt(), sentence)
