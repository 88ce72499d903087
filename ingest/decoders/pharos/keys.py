"""The keys of a sample: which are unknown, which are given twice, and which was probably meant."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from itertools import islice
from typing import Any, Final

from ingest.decoder import quoted

KEYS: Final = ("time", "values", "units", "serial_number", "revision", "begin", "end")
# Without these two the values would mean something else: another time, another amount. What is probably one of them,
# where the real one is absent, is therefore no extra key.
_DECISIVE: Final = {"time": ("t", "ts", "timestamp", "datetime", "date", "at"), "units": ("unit", "uom")}
_LOOKED_AT: Final = 50  # names that a misspelt one is compared with


def twice(pairs: Iterable[tuple[str, Any]]) -> str | None:
    """Return the first key that is given more than once."""
    counts = Counter(key for key, _ in pairs)
    return next((key for key, count in counts.items() if count > 1), None)


def unknown(fields: Mapping[str, Any]) -> Sequence[str]:
    """Return the keys that mean nothing here."""
    return [key for key in fields if key not in KEYS]


def misspelt(extra: Sequence[str], fields: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return an unknown key that probably is a decisive one which is absent, and that one."""
    absent = [key for key in _DECISIVE if key not in fields]
    for key in islice(extra, _LOOKED_AT) if absent else ():
        meant = next((one for one in absent if key.casefold() in _DECISIVE[one]), None) or nearest(key, absent)
        if meant:
            return key, meant
    return None


def nearest(name: str, names: Collection[str]) -> str | None:
    """Return the one of ``names`` that is spelt most like ``name``, if any is."""
    return next(iter(get_close_matches(name.casefold(), islice(names, _LOOKED_AT), 1)), None)


def did_you_mean(name: str | None) -> str:
    """Return the question as the end of a sentence, or nothing."""
    return f"; did you mean {quoted(name)}?" if name else ""
