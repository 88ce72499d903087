"""Packages that one command needs and an installation may lack: it loads them, and says what to install."""

from collections.abc import Iterator
from contextlib import contextmanager

from deploy.errors import MissingPackageError


@contextmanager
def needed_by(command: str, remedy: str) -> Iterator[None]:
    """Import in the block what only ``command`` needs; raise MissingPackageError where a package is not installed."""
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or str(error)).partition(".")[0]
        raise MissingPackageError(f"{command} needs the package {package}, which is not installed; {remedy}") from error
