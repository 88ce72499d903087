"""Findings as people and programs read them: a page of HTML that needs nothing else, and JSON types."""

from html import escape
from typing import Any, Final

from deploy.conformance.evidence import Evidence
from deploy.conformance.rules import Finding, Verdict
from ingest.model.time import isoformat

STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color-scheme:light dark}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.4rem .8rem;"
    "border-bottom:1px solid #8884}"
)


def title(evidence: Evidence) -> str:
    """Return of what the page is."""
    device = evidence.device
    return f"{device.name} of {device.city}, {isoformat(evidence.since)} to {isoformat(evidence.until)}"


def summary(findings: list[Finding]) -> str:
    """Return how many rules were kept."""
    counts = {verdict: sum(one.verdict is verdict for one in findings) for verdict in Verdict}
    return ", ".join(f"{count} {verdict}" for verdict, count in counts.items())


def html(evidence: Evidence, findings: list[Finding]) -> str:
    """Return the page."""
    rows = "\n".join(f"<tr>{''.join(map(_cell, one))}</tr>" for one in findings)
    name = escape(title(evidence))
    return (
        f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{name}</title><style>{STYLE}</style>\n'
        f"<h1>{name}</h1>\n<p>{escape(summary(findings))}</p>\n"
        f"<table>\n<tr><th>Rule</th><th>Verdict</th><th>Expected</th><th>Found</th></tr>\n{rows}\n</table>\n</html>"
    )


def document(evidence: Evidence, findings: list[Finding]) -> dict[str, Any]:
    """Return the same as JSON types."""
    return {
        "city": evidence.device.city,
        "device": evidence.device.name,
        "since": isoformat(evidence.since),
        "until": isoformat(evidence.until),
        "findings": [one._asdict() for one in findings],
    }


def _cell(text: str) -> str:
    return f"<td>{escape(text)}</td>"
