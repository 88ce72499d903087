"""Why the processing stage cannot do something; each class says what becomes of the data."""


class ProcessorsError(Exception):
    """Base of every error this package raises."""


class MigrationError(ProcessorsError):
    """The schema in the database is not one this version can bring forward; nothing was changed."""


class SchemaError(ProcessorsError):
    """The database lacks what this version's migrations make; nothing was done with it."""


class StoreUnavailableError(ProcessorsError):
    """The database cannot be reached or lacks a resource; nothing was written, the same write may be tried again."""


class StoreBusyError(StoreUnavailableError):
    """Others are being stored for too long; nothing was written, the same write may be tried again."""


class KeyReusedError(ProcessorsError):
    """The key of a request was given to another one before; nothing was taken."""


class TrialError(ProcessorsError):
    """A message cannot be tried as asked; ``field``: what of it is at fault."""

    def __init__(self, field: str, detail: str) -> None:
        self.field = field
        super().__init__(detail)


class StoreFaultError(ProcessorsError):
    """The database fails in a way nobody foresaw; nothing was written, nothing is lost, somebody must look at it."""


class DataRefusedError(StoreFaultError):
    """The database refuses the data themselves; nothing was written, and the same data will be refused again."""


class UnitChangeError(ProcessorsError):
    """A city file declares another unit for times of which readings are stored already; nothing was changed."""


class BindingConflictError(ProcessorsError):
    """A city file binds topics that are bound by another city already; nothing was changed."""


class TransactionError(ProcessorsError):
    """A transaction cannot begin where its end would commit nothing; nothing was done."""


class KnownReadingError(ProcessorsError):
    """A batch taken for new holds a reading that is known, contested or refused; nothing was written, merge it."""
