"""A credential as it is shown once: the secret of a device or gateway, and where it may speak."""

from dataclasses import dataclass


@dataclass(frozen=True)
class IssuedCredential:
    """A new secret of a native id, on which ``topics`` and to which ``paths`` of HTTP it may speak.

    ``is_declared``: whether a city file knows whose it is. ``is_anywhere``: until one places it, it may speak on every
    topic that is nobody's.
    """

    native_id: str
    user: str
    secret: str
    topics: tuple[str, ...]
    paths: tuple[str, ...]
    is_declared: bool
    is_anywhere: bool = False
