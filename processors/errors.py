"""Why the processing stage cannot do something; each class says what becomes of the data."""


class ProcessorsError(Exception):
    """Base of every error this package raises."""


class MigrationError(ProcessorsError):
    """The schema in the database is not one this version can bring forward; nothing was changed."""


class StoreUnavailableError(ProcessorsError):
    """The database cannot be reached or lacks a resource; nothing was written, the same write may be tried again."""


class StoreRefusedError(ProcessorsError):
    """The database refuses the data themselves; writing them again cannot succeed."""


class UnknownSeriesError(ProcessorsError):
    """Readings are stored for a series that the catalogue in memory does not hold; it has to be loaded again."""

    def __init__(self, series_id: int) -> None:
        self.series_id = series_id
        super().__init__(f"series {series_id} is not in the catalogue; it was registered after this process read it")
