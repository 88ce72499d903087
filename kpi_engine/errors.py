"""What the KPI engine and its HTTP interface refuse, as sentences for people."""


class KpiEngineError(Exception):
    """Base of every error this package raises."""


class TokenError(KpiEngineError):
    """A token cannot be issued or revoked as asked."""
