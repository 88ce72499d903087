"""What a figure rests on, as it is kept with it: the factors that were used, and a digest of everything."""

import json
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

from kpi_engine.factors.factor import Factor
from kpi_engine.window import Window

_HASHED: Final = {"name", "version", "value", "unit", "source", "page", "valid_from", "valid_to", "verified"}
_BESIDE: Final = {"carrier", "region", "method", "boundary", "view", "gwp", "calorific_basis", "year"}  # where stated


_ENCODER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def inputs_hash(inputs: dict[str, Any], factors: list[dict[str, Any]], rule_version: str) -> str:
    """Return the SHA-256 of inputs, factors and rule version as canonical JSON: sorted keys, floats as repr.

    Of a published factor, what figures said of it from the start: name and version stand for all else.
    """
    return digest_of(canonical(inputs), factors, rule_version)


def digest_of(inputs: str, factors: list[dict[str, Any]], rule_version: str) -> str:
    """Return the same of inputs that are canonical JSON."""
    said = canonical([{key: factor[key] for key in factor.keys() - _BESIDE} for factor in factors]) if factors else "[]"
    document = f'{{"factors":{said},"inputs":{inputs},"rule_version":{_word(rule_version)}}}'
    return sha256(document.encode()).hexdigest()


@lru_cache(maxsize=1_024)
def _word(said: str) -> str:
    return canonical(said)


def canonical(document: object) -> str:
    """Return canonical JSON, in one line."""
    return _ENCODER.encode(document)


def used_factors(window: Window) -> list[dict[str, Any]]:
    """Return what the figure says of its factors, each once: what the ports of its window say of theirs."""
    used: list[dict[str, Any]] = []
    for port, given in window.ports.items():
        for one in port.factors(given):
            if one not in used:
                used.append(one)
    return used


@lru_cache(maxsize=4_096)
def published(factor: Factor) -> dict[str, Any]:
    """Return what a figure says of a published factor: the same object to all figures, which nobody changes."""
    beside = factor.model_dump(mode="json", include=_BESIDE, exclude_none=True)
    return factor.model_dump(mode="json", include=_HASHED) | beside
