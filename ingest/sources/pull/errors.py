"""Why a service did not answer; what is to be done next follows from the class."""

from ingest.errors import IngestError


class PullError(IngestError):
    """Base of what keeps an answer away: the others are not asked for either, and later everything is again."""


class AccountError(PullError):
    """The file of an account cannot be used, or the service does not take what stands in it."""


class ServiceAwayError(PullError):
    """The service cannot be reached, or wants to be left alone for ``wait`` seconds."""

    def __init__(self, sentence: str, wait: float = 0.0) -> None:
        self.wait = wait
        super().__init__(sentence)


class QuestionRefusedError(PullError):
    """The service refuses one question, of one device: the others are asked for all the same."""


class BrokenAnswerError(PullError):
    """The service answers one question with something that is no answer: what it is about is asked for again later."""


class StoppedError(PullError):
    """Somebody asked this process to stop."""
